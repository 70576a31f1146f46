"use client";

import { Field as BaseField } from "@base-ui/react/field";
import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

interface FieldProps {
  label: ReactNode;
  help?: ReactNode;
  error?: string | undefined;
  /** A hint at the right of the label, such as the allowed range. */
  hint?: ReactNode;
  className?: string;
  children: ReactNode;
}

/** A control with its label, help and error, associated for screen readers. */
export function Field({ label, help, error, hint, className, children }: FieldProps) {
  return (
    <BaseField.Root
      invalid={error !== undefined}
      className={cn("flex min-w-0 flex-col gap-1.5", className)}
    >
      <div className="flex items-baseline justify-between gap-2">
        <BaseField.Label className="text-sm font-medium text-ink">{label}</BaseField.Label>
        {hint ? <span className="nums truncate text-xs text-faint">{hint}</span> : null}
      </div>
      {children}
      {error ? (
        <BaseField.Error match className="flex items-start gap-1.5 text-xs text-failed">
          <CircleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
          {error}
        </BaseField.Error>
      ) : null}
      {help ? (
        <BaseField.Description className="text-xs text-pretty text-muted">
          {help}
        </BaseField.Description>
      ) : null}
    </BaseField.Root>
  );
}
