"use client";

import { Tooltip as BaseTooltip } from "@base-ui/react/tooltip";
import type { ReactElement, ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { Kbd } from "@/components/ui/kbd";
import { popupClasses, positionerClasses } from "./popup-classes";

interface TooltipProps {
  content: ReactNode;
  /** The element that has the tooltip; it must take a ref and event handlers. */
  children: ReactElement;
  shortcut?: string | undefined;
  side?: "top" | "bottom" | "left" | "right";
  align?: "start" | "center" | "end";
  delay?: number;
  className?: string;
}

/** A tooltip on hover or focus. Its content must also be available without it. */
export function Tooltip({
  content,
  children,
  shortcut,
  side = "bottom",
  align = "center",
  delay = 350,
  className,
}: TooltipProps) {
  return (
    <BaseTooltip.Root>
      <BaseTooltip.Trigger render={children} delay={delay} closeOnClick />
      <BaseTooltip.Portal>
        <BaseTooltip.Positioner
          side={side}
          align={align}
          sideOffset={6}
          className={positionerClasses}
        >
          <BaseTooltip.Popup
            className={cn(
              popupClasses,
              "flex max-w-72 items-center gap-2 rounded-md px-2 py-1 text-xs text-pretty",
              className,
            )}
          >
            {content}
            {shortcut ? <Kbd>{shortcut}</Kbd> : null}
          </BaseTooltip.Popup>
        </BaseTooltip.Positioner>
      </BaseTooltip.Portal>
    </BaseTooltip.Root>
  );
}
