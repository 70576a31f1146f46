"use client";

import { Toggle } from "@base-ui/react/toggle";
import { ToggleGroup } from "@base-ui/react/toggle-group";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

interface SegmentedProps<T extends string> {
  label: string;
  value: T;
  onValueChange: (value: T) => void;
  options: readonly { value: T; label: ReactNode }[];
  className?: string;
}

/** A segmented control: one of a few options. */
export function Segmented<T extends string>(props: SegmentedProps<T>) {
  const { label, value, onValueChange, options, className } = props;
  return (
    <ToggleGroup
      aria-label={label}
      value={[value]}
      onValueChange={([next]: T[]) => {
        if (next !== undefined) onValueChange(next);
      }}
      className={cn("inline-flex rounded-md border border-line-strong bg-surface p-px", className)}
    >
      {options.map((option) => (
        <Toggle
          key={option.value}
          value={option.value}
          className="flex h-6 items-center rounded-sm px-2 text-xs whitespace-nowrap text-muted hover:text-ink data-pressed:bg-active data-pressed:text-ink pointer-coarse:h-8"
        >
          {option.label}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
