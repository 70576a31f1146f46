import { cn } from "./cn";
import { CopyButton } from "./copy-button";

interface CodeBlockProps {
  code: string;
  /** Names the snippet above it and for screen readers. */
  title?: string;
  className?: string;
  /** Breaks long lines instead of scrolling sideways. */
  wrap?: boolean;
}

/** A code snippet with a copy button. */
export function CodeBlock({ code, title, className, wrap = false }: CodeBlockProps) {
  return (
    <figure
      className={cn("min-w-0 overflow-hidden rounded-md border border-line bg-sunken", className)}
    >
      {title ? (
        <figcaption className="flex h-8 items-center justify-between border-b border-line pr-1 pl-3 text-xs text-muted">
          {title}
          <CopyButton value={code} label={`Copy ${title}`} />
        </figcaption>
      ) : null}
      <div className="relative">
        <pre
          className={cn(
            "overflow-x-auto px-3 py-2.5 text-xs leading-5 text-ink",
            wrap && "break-all whitespace-pre-wrap",
            !title && "pr-10",
          )}
        >
          <code>{code}</code>
        </pre>
        {title ? null : <CopyButton value={code} className="absolute top-1 right-1" />}
      </div>
    </figure>
  );
}
