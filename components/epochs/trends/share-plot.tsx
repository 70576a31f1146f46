"use client";

import { memo, type PointerEvent, useMemo, useRef, useState } from "react";
import { formatPercent } from "@/lib/format/number";
import { useElementSize } from "@/lib/hooks/page/use-element-size";
import { labelledTicks, nearestIndex } from "@/lib/predictions/epoch-choice";
import { barEdges, type SharePanel } from "@/lib/predictions/trends/text-shares";
import { epochDomain, plotMargin } from "./epoch-marks";
import { shareLabel } from "./share-label";
import { seriesVariable } from "./trend-colours";

/** More epochs have no lines between their bars. */
const mostSeparated = 60;

/** The outline of one text's part of every bar, in a square of side 1. */
function outline({ points }: SharePanel, edges: ReturnType<typeof barEdges>, at: number): string {
  return points
    .map(({ shares }, index) => {
      const edge = edges[index];
      const share = shares[at] ?? 0;
      if (!edge || share === 0) return "";
      const top = 1 - shares.slice(0, at + 1).reduce((sum, each) => sum + each, 0);
      return `M${edge.from} ${top}H${edge.to}V${top + share}H${edge.from}Z`;
    })
    .join("");
}

/** A stacked bar per epoch; an epoch without the score has none. */
export const SharePlot = memo(function SharePlot({ panel }: { panel: SharePanel }) {
  const { points, values } = panel;
  const box = useRef<HTMLDivElement>(null);
  const { width } = useElementSize(box);
  const [read, setRead] = useState<number | null>(null);
  const epochs = useMemo(() => points.map(({ epoch }) => epoch), [points]);
  const paths = useMemo(() => {
    const edges = barEdges(epochs);
    return values.map((_, at) => outline(panel, edges, at));
  }, [panel, values, epochs]);
  const [first, last] = epochDomain(points);
  const left = (epoch: number) => ((epoch - first) / (last - first)) * 100;
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    const bounds = event.currentTarget.getBoundingClientRect();
    const at = first + ((event.clientX - bounds.left) / bounds.width) * (last - first);
    setRead(nearestIndex(epochs, at));
  };
  const point = read === null ? undefined : points[read];
  return (
    <div className="h-full text-2xs text-faint">
      <div
        ref={box}
        className="absolute"
        style={plotMargin}
        onPointerMove={onPointerMove}
        onPointerLeave={() => setRead(null)}
      >
        <svg
          aria-hidden
          viewBox="0 0 1 1"
          preserveAspectRatio="none"
          className="absolute size-full"
          stroke="var(--surface)"
          strokeWidth={points.length <= mostSeparated ? 1 : 0}
        >
          {paths.map((path, at) => (
            <path
              key={values[at]?.text}
              d={path}
              fill={seriesVariable(values[at]?.colour ?? 8)}
              vectorEffect="non-scaling-stroke"
            />
          ))}
        </svg>
        {[0, 0.5, 1].map((tick) => (
          <span
            key={tick}
            aria-hidden
            className="nums absolute right-full mr-2 translate-y-1/2"
            style={{ bottom: `${tick * 100}%` }}
          >
            {formatPercent(tick)}
          </span>
        ))}
        {labelledTicks(epochs.length, width, 30).map((index) => (
          <span
            key={epochs[index]}
            aria-hidden
            className="nums absolute top-full mt-0.5 -translate-x-1/2"
            style={{ left: `${left(epochs[index] ?? 0)}%` }}
          >
            {epochs[index]}
          </span>
        ))}
        {point ? (
          <div
            className="nums pointer-events-none absolute top-0 z-10 max-h-full overflow-hidden rounded-md border border-line bg-surface px-2 py-1 text-xs whitespace-nowrap text-ink shadow-popup"
            style={left(point.epoch) > 50 ? { left: 0 } : { right: 0 }}
          >
            <span className="text-faint">epoch {point.epoch}</span>
            {point.shares.length === 0 ? " not measured" : null}
            {values.map((value, at) =>
              point.shares[at] ? (
                <span key={value.text} className="flex justify-between gap-3">
                  <bdi className="max-w-32 truncate">{shareLabel(value)}</bdi>
                  <span className="font-mono">{formatPercent(point.shares[at], 1)}</span>
                </span>
              ) : null,
            )}
          </div>
        ) : null}
      </div>
    </div>
  );
});
