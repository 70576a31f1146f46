import type { ReactNode } from "react";

interface SettingsHeaderProps {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}

/** The title, description and main action of a settings page. */
export function SettingsHeader({ title, children, action }: SettingsHeaderProps) {
  return (
    <header className="mb-5 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0 max-w-xl">
        <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
        {children ? <p className="mt-1 text-sm text-pretty text-muted">{children}</p> : null}
      </div>
      {action}
    </header>
  );
}
