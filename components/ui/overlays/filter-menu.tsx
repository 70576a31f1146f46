"use client";

import { Combobox } from "@base-ui/react/combobox";
import { Check, ChevronDown, X } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { itemClasses, popupClasses, positionerClasses } from "./popup-classes";

export interface FilterOption<T extends string> {
  value: T;
  /** Searched, and read by screen readers. */
  label: string;
  /** Shown instead of the label, such as a state pill. */
  display?: ReactNode;
  count?: number;
}

interface FilterMenuProps<T extends string> {
  /** The noun on the button: “State”. */
  label: string;
  options: readonly FilterOption<T>[];
  value: readonly T[];
  onValueChange: (value: T[]) => void;
  /** Shows a search box above the list. */
  searchable?: boolean;
  empty?: string;
}

/** A multi-select; its button shows the selected values. */
export function FilterMenu<T extends string>({
  label,
  options,
  value,
  onValueChange,
  searchable = false,
  empty = "No options yet.",
}: FilterMenuProps<T>) {
  const chosen = options.filter((option) => value.includes(option.value));
  const summary =
    chosen.length === 1 && chosen[0] ? chosen[0].label : value.length > 0 ? value.length : null;
  return (
    <Combobox.Root
      multiple
      items={options}
      value={chosen}
      isItemEqualToValue={(a, b) => a.value === b.value}
      onValueChange={(next: FilterOption<T>[]) => onValueChange(next.map((item) => item.value))}
    >
      <Combobox.Trigger
        aria-label={
          summary === null ? label : `${label}: ${chosen.map((each) => each.label).join(", ")}`
        }
        render={
          <Button
            size="sm"
            className={cn(
              "font-normal",
              value.length > 0 ? "border-accent-ink/50 bg-accent-soft" : "text-muted",
            )}
          />
        }
      >
        {label}
        {summary === null ? null : <span className="nums font-medium text-ink">{summary}</span>}
        <ChevronDown aria-hidden className="-mr-1 text-faint" />
      </Combobox.Trigger>
      <Combobox.Portal>
        <Combobox.Positioner align="start" sideOffset={4} className={positionerClasses}>
          <Combobox.Popup aria-label={label} className={cn(popupClasses, "w-56 overflow-hidden")}>
            {searchable ? (
              <Combobox.Input
                placeholder={`Search ${label.toLowerCase()}…`}
                className="touch-text h-8 w-full border-b border-line bg-transparent px-3 text-sm outline-hidden"
              />
            ) : null}
            <Combobox.Empty className="px-3 py-2 text-xs text-muted empty:hidden">
              {options.length === 0 ? empty : "No results"}
            </Combobox.Empty>
            <Combobox.List aria-label={label} className="max-h-80 overflow-y-auto p-1 empty:hidden">
              {(option: FilterOption<T>) => (
                <Combobox.Item
                  key={option.value}
                  value={option}
                  className={cn(itemClasses, "group/item")}
                >
                  <span
                    aria-hidden
                    className="flex size-3.5 shrink-0 items-center justify-center rounded-sm border border-line-strong text-on-accent group-data-selected/item:border-accent group-data-selected/item:bg-accent"
                  >
                    <Combobox.ItemIndicator>
                      <Check className="size-3" strokeWidth={3} />
                    </Combobox.ItemIndicator>
                  </span>
                  <span className="min-w-0 flex-1 truncate">{option.display ?? option.label}</span>
                  {option.count === undefined ? null : (
                    <span className="nums text-xs text-faint">{option.count}</span>
                  )}
                </Combobox.Item>
              )}
            </Combobox.List>
            {value.length > 0 ? (
              <div className="border-t border-line p-1">
                <Button
                  variant="ghost"
                  size="sm"
                  className="w-full justify-start px-2 font-normal"
                  onClick={() => onValueChange([])}
                >
                  <X aria-hidden />
                  Clear
                </Button>
              </div>
            ) : null}
          </Combobox.Popup>
        </Combobox.Positioner>
      </Combobox.Portal>
    </Combobox.Root>
  );
}
