import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

interface EmptyStateProps {
  icon?: ReactNode;
  title: ReactNode;
  /** What this place is for and what to do next. */
  children?: ReactNode;
  action?: ReactNode;
  className?: string;
}

export function EmptyState({ icon, title, children, action, className }: EmptyStateProps) {
  return (
    <div
      className={cn(
        "flex flex-col items-center justify-center gap-3 px-6 py-12 text-center",
        className,
      )}
    >
      {icon ? (
        <div
          aria-hidden
          className="flex size-9 items-center justify-center rounded-lg border border-line bg-surface text-muted [&_svg]:size-4.5"
        >
          {icon}
        </div>
      ) : null}
      <div className="flex flex-col gap-1">
        <h2 className="text-base font-medium text-ink">{title}</h2>
        {children ? (
          <div className="max-w-md text-sm text-pretty text-muted">{children}</div>
        ) : null}
      </div>
      {action ? <div className="flex flex-wrap justify-center gap-2">{action}</div> : null}
    </div>
  );
}
