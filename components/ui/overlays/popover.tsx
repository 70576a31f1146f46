"use client";

import { Popover as BasePopover } from "@base-ui/react/popover";
import type { ReactElement, ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { popupClasses, positionerClasses } from "./popup-classes";

interface PopoverProps {
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  trigger: ReactElement;
  /** Names the popover for screen readers; shown unless `titleHidden`. */
  title: string;
  titleHidden?: boolean;
  align?: "start" | "center" | "end";
  side?: "top" | "bottom" | "left" | "right";
  children: ReactNode;
  className?: string;
}

/** A small panel next to its button. */
export function Popover({
  open,
  onOpenChange,
  trigger,
  title,
  titleHidden = false,
  align = "start",
  side = "bottom",
  children,
  className,
}: PopoverProps) {
  return (
    <BasePopover.Root open={open} onOpenChange={(next) => onOpenChange?.(next)}>
      <BasePopover.Trigger render={trigger} />
      <BasePopover.Portal>
        <BasePopover.Positioner
          align={align}
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className={cn(positionerClasses, "select-auto")}
        >
          <BasePopover.Popup
            className={cn(
              popupClasses,
              "max-h-(--available-height) w-72 max-w-(--available-width) overflow-y-auto p-3",
              className,
            )}
          >
            <BasePopover.Title
              className={titleHidden ? "sr-only" : "mb-2 text-sm font-medium text-ink"}
            >
              {title}
            </BasePopover.Title>
            {children}
          </BasePopover.Popup>
        </BasePopover.Positioner>
      </BasePopover.Portal>
    </BasePopover.Root>
  );
}
