"use client";

import { memo } from "react";
import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { labelledTicks } from "@/lib/predictions/epoch-choice";
import { formatTrend, formatTrendTicks, trendText } from "@/lib/predictions/trends/trend-measures";
import type { TrendPanel, TrendPoint } from "@/lib/predictions/trends/trend-panels";
import { epochDomain, plotMargin } from "./epoch-marks";
import { trendColour } from "./trend-colours";

const axis = { fontSize: 11, fill: "var(--faint)" } as const;

/** The line and band of one measure, independent of the selected epoch. */
export const TrendPlot = memo(function TrendPlot({ panel }: { panel: TrendPanel }) {
  const { points, domain, ticks, id } = panel;
  const colour = trendColour(id);
  const tickLabels = formatTrendTicks(id, ticks);
  const labels = labelledTicks(points.length, 200, 30).flatMap(
    (index) => points[index]?.epoch ?? [],
  );
  const { top, right, bottom, left } = plotMargin;
  return (
    <ResponsiveContainer
      width="100%"
      height="100%"
      minWidth={0}
      initialDimension={{ width: 240, height: 110 }}
    >
      <ComposedChart
        data={points}
        margin={{ top, right, bottom: 0, left: 0 }}
        accessibilityLayer={false}
      >
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="epoch"
          type="number"
          domain={epochDomain(points)}
          ticks={labels}
          interval={0}
          tick={axis}
          tickLine={false}
          axisLine={false}
          height={bottom}
          tickMargin={2}
        />
        <YAxis
          domain={domain}
          allowDataOverflow
          ticks={ticks}
          tick={axis}
          tickLine={false}
          axisLine={false}
          width={left}
          tickFormatter={(value: number) => tickLabels[ticks.indexOf(value)] ?? ""}
        />
        <Area
          dataKey="band"
          stroke="none"
          fill={colour}
          fillOpacity={0.16}
          activeDot={false}
          isAnimationActive={false}
        />
        <Line
          dataKey="value"
          stroke={colour}
          strokeWidth={1.75}
          dot={points.length <= 16 ? { r: 2, fill: colour, strokeWidth: 0 } : false}
          activeDot={{ r: 3.5, strokeWidth: 0 }}
          isAnimationActive={false}
        />
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
  );
});

function Reading({ panel: { id }, point }: { panel: TrendPanel; point: TrendPoint }) {
  return (
    <div className="nums rounded-md border border-line bg-surface px-2 py-1 text-xs shadow-popup">
      <span className="text-faint">epoch {point.epoch}</span>{" "}
      <span className="font-mono font-medium">
        {point.value === null ? "not measured" : formatTrend(id, point.value)}
      </span>
      {point.band ? (
        <span className="block text-faint">
          {formatTrend(id, point.band[0])} to {formatTrend(id, point.band[1])}
        </span>
      ) : null}
      <span className="sr-only">{trendText(id).title}</span>
    </div>
  );
}
