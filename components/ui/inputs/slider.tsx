"use client";

import { Slider as BaseSlider } from "@base-ui/react/slider";
import { cn } from "@/components/ui/cn";

interface SliderProps {
  value: number;
  onValueChange: (value: number) => void;
  onValueCommitted?: (value: number) => void;
  min?: number;
  max?: number;
  step?: number;
  label: string;
  disabled?: boolean;
  className?: string;
}

/** A slider for one value, by pointer, thumb or arrow keys. */
export function Slider({
  value,
  onValueChange,
  onValueCommitted,
  min = 0,
  max = 100,
  step = 1,
  label,
  disabled = false,
  className,
}: SliderProps) {
  return (
    <BaseSlider.Root
      value={value}
      onValueChange={(next) => onValueChange(next)}
      onValueCommitted={(next) => onValueCommitted?.(next)}
      min={min}
      max={max}
      step={step}
      disabled={disabled}
      className={cn("w-full", className)}
    >
      <BaseSlider.Control className="flex h-6 w-full touch-none items-center select-none pointer-coarse:h-10">
        <BaseSlider.Track className="h-1 w-full rounded-full bg-active">
          <BaseSlider.Indicator className="rounded-full bg-accent" />
          <BaseSlider.Thumb
            aria-label={label}
            className="size-3.5 rounded-full border border-line-strong bg-white shadow-popup has-focus-visible:outline-2 has-focus-visible:outline-accent-ink pointer-coarse:size-5"
          />
        </BaseSlider.Track>
      </BaseSlider.Control>
    </BaseSlider.Root>
  );
}
