"use client";

import type { MouseEvent, ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { nearestIndex } from "@/lib/predictions/epoch-choice";

/** Margins of a plot in pixels, shared with its overlays. */
export const plotMargin = { top: 6, right: 10, bottom: 18, left: 42 };

/** The epochs at a plot's left and right edge. */
export function epochDomain(points: readonly { epoch: number }[]): [number, number] {
  const first = points[0]?.epoch ?? 0;
  const last = points.at(-1)?.epoch ?? 0;
  return first === last ? [first - 1, first + 1] : [first, last];
}

interface EpochMarksProps {
  points: readonly { epoch: number }[];
  epoch: number;
  compare: number | null;
  onEpoch: (epoch: number) => void;
  /** The plot, which does not depend on the selected epoch. */
  children: ReactNode;
  /** A mark on the plot at the selected epoch; gets its place from left to right, in percent. */
  dot?: (left: string) => ReactNode;
}

/**
 * Marks the selected and the compared epoch on a plot, where a click selects an epoch. The marks
 * overlay the plot, so that scrubbing does not redraw it.
 */
export function EpochMarks(props: EpochMarksProps) {
  const { points, epoch, compare, onEpoch, children, dot } = props;
  const [first, last] = epochDomain(points);
  const left = (at: number) => `${((at - first) / (last - first)) * 100}%`;
  const pick = (event: MouseEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const plot = box.width - plotMargin.left - plotMargin.right;
    const at = first + ((event.clientX - box.left - plotMargin.left) / plot) * (last - first);
    const epochs = points.map((point) => point.epoch);
    const picked = epochs[nearestIndex(epochs, at)];
    if (picked !== undefined) onEpoch(picked);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a short cut to the scrubber.
    // biome-ignore lint/a11y/useKeyWithClickEvents: the scrubber and the table have the keys.
    <div className="relative h-full" onClick={pick}>
      {children}
      <div aria-hidden className="pointer-events-none absolute" style={plotMargin}>
        {compare === null ? null : <Mark left={left(compare)} dashed />}
        <Mark left={left(epoch)} />
        {dot?.(left(epoch))}
      </div>
    </div>
  );
}

function Mark({ left, dashed = false }: { left: string; dashed?: boolean }) {
  return (
    <i
      className={cn(
        "absolute inset-y-0 border-l border-accent-ink",
        dashed && "border-dashed opacity-80",
      )}
      style={{ left }}
    />
  );
}
