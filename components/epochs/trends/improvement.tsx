import type { PredictionTrendsReply } from "@signalbox/protocol/data/prediction";
import { TrendingDown, TrendingUp } from "lucide-react";
import { cn } from "@/components/ui/cn";
import { describeImprovement } from "@/lib/predictions/trend-panels";

/** The improvement of the run, as a number and in words. */
export function Improvement({ data }: { data: PredictionTrendsReply }) {
  const { overall_improvement: improvement, trends } = data;
  const scored = trends.some((trend) => trend.avg_char_error_rate !== null);
  if (!scored) return null;
  const description = describeImprovement(
    improvement,
    trends.map(({ epoch }) => epoch),
  );
  const rose = (improvement ?? 0) < -0.05;
  const Arrow = rose ? TrendingUp : TrendingDown;
  return (
    <p
      className="flex flex-wrap items-center gap-x-2 text-sm text-muted"
      data-improvement={improvement}
    >
      {improvement === null ? null : (
        <span
          className={cn(
            "nums inline-flex items-center gap-1 font-medium whitespace-nowrap",
            rose ? "text-failed" : "text-succeeded",
          )}
        >
          <Arrow aria-hidden className="size-4" />
          {improvement < 0 ? "−" : ""}
          {Math.abs(improvement).toFixed(1)}% improvement
        </span>
      )}
      <span>{description}</span>
    </p>
  );
}
