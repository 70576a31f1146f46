import { X } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn";

interface TagProps {
  children: ReactNode;
  className?: string;
  /** Shows a remove button, which `removeLabel` names for screen readers. */
  onRemove?: () => void;
  removeLabel?: string;
  mono?: boolean;
}

/** A neutral label: a tag, a kind, a scope. */
export function Tag({ children, className, onRemove, removeLabel, mono = false }: TagProps) {
  return (
    <span
      className={cn(
        "inline-flex h-5 max-w-40 shrink-0 items-center gap-1 rounded-sm border border-line bg-sunken px-1.5 text-xs text-muted",
        mono && "font-mono text-2xs",
        onRemove && "pr-0.5",
        className,
      )}
    >
      <span className="truncate">{children}</span>
      {onRemove ? (
        <button
          type="button"
          aria-label={removeLabel ?? "Remove"}
          onClick={onRemove}
          className="relative flex size-4 items-center justify-center rounded-sm after:absolute after:-inset-1 hover:bg-active hover:text-ink"
        >
          <X aria-hidden className="size-3" />
        </button>
      ) : null}
    </span>
  );
}
