"use client";

import { Select as BaseSelect } from "@base-ui/react/select";
import { Check, ChevronsUpDown } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import {
  itemClasses,
  popupClasses,
  positionerClasses,
} from "@/components/ui/overlays/popup-classes";
import { controlClasses } from "./input";

export interface SelectOption<T extends string> {
  value: T;
  label: ReactNode;
  description?: ReactNode;
}

interface SelectProps<T extends string> {
  value: T;
  onValueChange: (value: T) => void;
  options: readonly SelectOption<T>[];
  /** The name for screen readers outside a Field. */
  label?: string;
  disabled?: boolean;
  className?: string;
}

/** A select for one value. */
export function Select<T extends string>({
  value,
  onValueChange,
  options,
  label,
  disabled = false,
  className,
}: SelectProps<T>) {
  return (
    <BaseSelect.Root
      value={value}
      onValueChange={(next) => {
        if (next !== null) onValueChange(next);
      }}
      items={options.map(({ value: item, label: text }) => ({ value: item, label: text }))}
      disabled={disabled}
      modal={false}
    >
      <BaseSelect.Trigger
        aria-label={label}
        className={cn(
          controlClasses,
          "flex items-center justify-between gap-2 pr-2 text-left data-popup-open:border-accent-ink",
          className,
        )}
      >
        <BaseSelect.Value className="truncate" />
        <BaseSelect.Icon>
          <ChevronsUpDown aria-hidden className="size-3.5 text-faint" />
        </BaseSelect.Icon>
      </BaseSelect.Trigger>
      <BaseSelect.Portal>
        <BaseSelect.Positioner
          className={positionerClasses}
          sideOffset={4}
          alignItemWithTrigger={false}
        >
          <BaseSelect.Popup
            className={cn(
              popupClasses,
              "max-h-(--available-height) min-w-(--anchor-width) overflow-y-auto p-1",
            )}
          >
            {options.map((option) => (
              <BaseSelect.Item
                key={option.value}
                value={option.value}
                className={cn(itemClasses, "grid grid-cols-[1fr_0.875rem] pr-2")}
              >
                <span className="min-w-0">
                  <BaseSelect.ItemText>{option.label}</BaseSelect.ItemText>
                  {option.description ? (
                    <span className="block text-xs text-muted">{option.description}</span>
                  ) : null}
                </span>
                <BaseSelect.ItemIndicator>
                  <Check aria-hidden className="size-3.5 text-accent-ink" />
                </BaseSelect.ItemIndicator>
              </BaseSelect.Item>
            ))}
          </BaseSelect.Popup>
        </BaseSelect.Positioner>
      </BaseSelect.Portal>
    </BaseSelect.Root>
  );
}
