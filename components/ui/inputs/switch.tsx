"use client";

import { Switch as BaseSwitch } from "@base-ui/react/switch";
import type { ComponentProps } from "react";
import { cn } from "@/components/ui/cn";

type SwitchProps = ComponentProps<typeof BaseSwitch.Root> & { className?: string };

/** A switch that takes effect immediately. */
export function Switch({ className, ...props }: SwitchProps) {
  return (
    <BaseSwitch.Root
      className={cn(
        "relative flex h-4.5 w-7.5 shrink-0 rounded-full bg-line-strong p-0.5 transition-colors after:absolute after:-inset-2 data-checked:bg-accent data-disabled:opacity-50",
        className,
      )}
      {...props}
    >
      <BaseSwitch.Thumb className="size-3.5 rounded-full bg-white transition-transform data-checked:translate-x-3" />
    </BaseSwitch.Root>
  );
}
