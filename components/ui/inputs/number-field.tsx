"use client";

import { type KeyboardEvent, useState } from "react";
import { cn } from "@/components/ui/cn";
import { Input } from "./input";
import { parseNumber, stepNumber } from "./parse-number";

interface NumberFieldProps {
  /** Null while empty or not a number. */
  value: number | null;
  onValueChange: (value: number | null, text: string) => void;
  min?: number | undefined;
  max?: number | undefined;
  step?: number | undefined;
  /** Arrow keys halve and double instead of adding. */
  logarithmic?: boolean;
  format?: (value: number) => string;
  unit?: string | undefined;
  label?: string;
  id?: string;
  name?: string;
  disabled?: boolean;
  className?: string;
}

/**
 * A number field that accepts `3e-4` and steps by the arrow keys. It does not correct input while
 * typing; range errors are shown by the field.
 */
export function NumberField({
  value,
  onValueChange,
  min,
  max,
  step = 1,
  logarithmic = false,
  format = String,
  unit,
  label,
  className,
  ...props
}: NumberFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const text = draft ?? (value === null ? "" : format(value));

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    const size = event.shiftKey && !logarithmic ? step * 10 : step;
    const direction = event.key === "ArrowUp" ? 1 : -1;
    const next = stepNumber(value ?? min ?? 0, direction, { min, max, step: size, logarithmic });
    setDraft(null);
    onValueChange(next, format(next));
  };

  return (
    <div className={cn("relative", className)}>
      <Input
        {...props}
        type="text"
        inputMode="decimal"
        autoComplete="off"
        role="spinbutton"
        aria-label={label}
        aria-valuenow={value ?? undefined}
        aria-valuemin={min}
        aria-valuemax={max}
        aria-valuetext={text}
        value={text}
        onValueChange={(next) => {
          setDraft(next);
          onValueChange(parseNumber(next), next);
        }}
        onBlur={() => {
          if (value !== null) setDraft(null);
        }}
        onKeyDown={onKeyDown}
        className={cn("nums", unit && "pr-12")}
      />
      {unit ? (
        <span className="pointer-events-none absolute inset-y-0 right-2.5 flex items-center text-xs text-faint">
          {unit}
        </span>
      ) : null}
    </div>
  );
}
