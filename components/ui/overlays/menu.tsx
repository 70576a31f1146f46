"use client";

import { Menu as BaseMenu } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import type { ComponentProps, ReactElement, ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { Kbd } from "@/components/ui/kbd";
import { itemClasses, popupClasses, positionerClasses } from "./popup-classes";

interface MenuProps {
  /** The button that opens the menu. */
  trigger: ReactElement;
  children: ReactNode;
  align?: "start" | "center" | "end";
  className?: string;
}

/** A menu of actions. */
export function Menu({ trigger, children, align = "start", className }: MenuProps) {
  return (
    <BaseMenu.Root modal={false}>
      <BaseMenu.Trigger render={trigger} />
      <BaseMenu.Portal>
        <BaseMenu.Positioner align={align} sideOffset={4} className={positionerClasses}>
          <BaseMenu.Popup
            className={cn(
              popupClasses,
              "max-h-(--available-height) min-w-44 overflow-y-auto p-1",
              className,
            )}
          >
            {children}
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
}

interface MenuItemProps extends ComponentProps<typeof BaseMenu.Item> {
  className?: string;
  icon?: ReactNode;
  description?: ReactNode;
  shortcut?: string;
  danger?: boolean;
}

export function MenuItem({
  className,
  icon,
  description,
  shortcut,
  danger = false,
  children,
  ...props
}: MenuItemProps) {
  return (
    <BaseMenu.Item
      className={cn(
        itemClasses,
        "[&_svg]:size-3.5 [&_svg]:shrink-0",
        description ? "items-start py-1.5 [&_svg]:mt-0.75" : null,
        danger ? "text-failed" : null,
        className,
      )}
      {...props}
    >
      {icon ? <span className={danger ? undefined : "text-muted"}>{icon}</span> : null}
      <span className="min-w-0 flex-1">
        {children}
        {description ? (
          <span className="block max-w-60 text-xs text-pretty text-muted">{description}</span>
        ) : null}
      </span>
      {shortcut ? <Kbd>{shortcut}</Kbd> : null}
    </BaseMenu.Item>
  );
}

interface MenuRadioGroupProps<T extends string> {
  value: T;
  onValueChange: (value: T) => void;
  options: readonly { value: T; label: ReactNode; icon?: ReactNode }[];
}

export function MenuRadioGroup<T extends string>({
  value,
  onValueChange,
  options,
}: MenuRadioGroupProps<T>) {
  return (
    <BaseMenu.RadioGroup value={value} onValueChange={(next: T) => onValueChange(next)}>
      {options.map((option) => (
        <BaseMenu.RadioItem
          key={option.value}
          value={option.value}
          closeOnClick
          className={cn(itemClasses, "[&_svg]:size-3.5 [&_svg]:shrink-0")}
        >
          {option.icon ? <span className="text-muted">{option.icon}</span> : null}
          <span className="flex-1">{option.label}</span>
          <BaseMenu.RadioItemIndicator>
            <Check aria-hidden className="text-accent-ink" />
          </BaseMenu.RadioItemIndicator>
        </BaseMenu.RadioItem>
      ))}
    </BaseMenu.RadioGroup>
  );
}

export function MenuSeparator() {
  return <BaseMenu.Separator className="-mx-1 my-1 h-px bg-line" />;
}

/** A titled group of items. */
export function MenuGroup({ label, children }: { label: string; children: ReactNode }) {
  return (
    <BaseMenu.Group>
      <BaseMenu.GroupLabel className="px-2 pt-1.5 pb-1 text-xs text-faint">
        {label}
      </BaseMenu.GroupLabel>
      {children}
    </BaseMenu.Group>
  );
}
