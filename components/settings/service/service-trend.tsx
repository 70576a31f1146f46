"use client";

import { Area, AreaChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { formatClock } from "@/lib/format/time";
import { latestOf, type ServicePanel, type TrendPoint } from "./service-panels";

const colour = "var(--series-1)";

interface ServiceTrendProps {
  panel: ServicePanel;
  points: TrendPoint[];
}

/** The current value of one measure, and its last minutes. */
export function ServiceTrend({ panel: { title, format }, points }: ServiceTrendProps) {
  const latest = latestOf(points);
  return (
    <section aria-label={title} className="min-w-0 rounded-lg border border-line bg-surface p-3">
      <h3 className="truncate text-xs text-muted">{title}</h3>
      <p className="nums mt-0.5 text-base">{latest === null ? "–" : format(latest)}</p>
      <div className="mt-2 h-16" aria-hidden>
        <ResponsiveContainer width="100%" height="100%" minWidth={0}>
          <AreaChart data={points} margin={{ top: 2, right: 0, bottom: 0, left: 0 }}>
            <XAxis dataKey="at" type="number" domain={["dataMin", "dataMax"]} hide />
            <YAxis domain={[0, "auto"]} hide />
            <Area
              dataKey="value"
              stroke={colour}
              strokeWidth={1.5}
              fill={colour}
              fillOpacity={0.14}
              isAnimationActive={false}
            />
            <Tooltip
              isAnimationActive={false}
              cursor={{ stroke: "var(--line-strong)" }}
              content={({ active, payload }) => {
                const point: TrendPoint | undefined = payload?.[0]?.payload;
                if (!active || !point || point.value === null) return null;
                return (
                  <div className="nums rounded-md border border-line bg-surface px-2 py-1 text-xs shadow-popup">
                    <span className="text-faint">
                      {formatClock(new Date(point.at).toISOString())}
                    </span>{" "}
                    {format(point.value)}
                  </div>
                );
              }}
            />
          </AreaChart>
        </ResponsiveContainer>
      </div>
    </section>
  );
}
