"use client";

import type { MouseEvent } from "react";
import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceDot,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { labelledTicks, nearestIndex } from "@/lib/predictions/epoch-choice";
import { measures, type TrendPanel, type TrendPoint } from "@/lib/predictions/trend-panels";
import { formatMeasure } from "./format-measure";
import { trendColours } from "./trend-colours";

export interface TrendChartProps {
  panel: TrendPanel;
  epoch: number;
  compare: number | null;
  onEpoch: (epoch: number) => void;
}

const axisWidth = 36;
const rightMargin = 10;
const axis = { fontSize: 11, fill: "var(--faint)" } as const;

/** One measure over the epochs; it draws what was prepared and tells which epoch was clicked. */
export function TrendChart({ panel, epoch, compare, onEpoch }: TrendChartProps) {
  const { points, domain, ticks, id } = panel;
  const colour = trendColours[id];
  const epochs = points.map((point) => point.epoch);
  const [first = 0, last = 0] = [epochs[0], epochs.at(-1)];
  const chosen = points.find((point) => point.epoch === epoch);
  const labels = labelledTicks(epochs.length, 200, 30).flatMap((index) => epochs[index] ?? []);
  // The chart's own click event tells what was under the pointer a frame ago.
  const pick = (event: MouseEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - box.left - axisWidth) / (box.width - axisWidth - rightMargin);
    const picked = epochs[nearestIndex(epochs, first + share * (last - first))];
    if (picked !== undefined) onEpoch(picked);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a short cut to the scrubber.
    // biome-ignore lint/a11y/useKeyWithClickEvents: the scrubber and the table have the keys.
    <div className="h-full" onClick={pick}>
      <ResponsiveContainer
        width="100%"
        height="100%"
        minWidth={0}
        initialDimension={{ width: 240, height: 110 }}
      >
        <ComposedChart
          data={points}
          margin={{ top: 6, right: rightMargin, bottom: 0, left: 0 }}
          accessibilityLayer={false}
        >
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis
            dataKey="epoch"
            type="number"
            domain={first === last ? [first - 1, first + 1] : [first, last]}
            ticks={labels}
            interval={0}
            tick={axis}
            tickLine={false}
            axisLine={false}
            height={18}
            tickMargin={2}
          />
          <YAxis
            domain={domain}
            ticks={ticks}
            tick={axis}
            tickLine={false}
            axisLine={false}
            width={axisWidth}
            tickFormatter={(value: number) => formatMeasure(id, value, true)}
          />
          <Area
            dataKey="band"
            stroke="none"
            fill={colour}
            fillOpacity={0.16}
            activeDot={false}
            isAnimationActive={false}
          />
          {compare === null ? null : (
            <ReferenceLine x={compare} stroke="var(--accent-ink)" strokeDasharray="2 3" />
          )}
          <ReferenceLine x={epoch} stroke="var(--accent-ink)" />
          <Line
            dataKey="value"
            stroke={colour}
            strokeWidth={1.75}
            dot={points.length <= 16 ? { r: 2, fill: colour, strokeWidth: 0 } : false}
            activeDot={{ r: 3.5, strokeWidth: 0 }}
            isAnimationActive={false}
          />
          {chosen && chosen.value !== null ? (
            <ReferenceDot
              x={epoch}
              y={chosen.value}
              r={4}
              fill={colour}
              stroke="var(--surface)"
              strokeWidth={1.5}
            />
          ) : null}
          <Tooltip
            isAnimationActive={false}
            cursor={{ stroke: "var(--line-strong)" }}
            content={({ active, payload }) => {
              const point: TrendPoint | undefined = payload?.[0]?.payload;
              return active && point ? <Reading panel={panel} point={point} /> : null;
            }}
          />
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  );
}

function Reading({ panel: { id }, point }: { panel: TrendPanel; point: TrendPoint }) {
  return (
    <div className="nums rounded-md border border-line bg-surface px-2 py-1 text-xs shadow-popup">
      <span className="text-faint">epoch {point.epoch}</span>{" "}
      <span className="font-mono font-medium">
        {point.value === null ? "not measured" : formatMeasure(id, point.value)}
      </span>
      {point.band ? (
        <span className="block text-faint">
          {formatMeasure(id, point.band[0])} to {formatMeasure(id, point.band[1])}
        </span>
      ) : null}
      <span className="sr-only">{measures[id].title}</span>
    </div>
  );
}
