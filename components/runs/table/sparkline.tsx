import type { Job } from "@signalbox/protocol/job/job";
import { fromWireNumber } from "@signalbox/protocol/wire/wire-number";
import { cn } from "@/components/ui/cn";
import { sparkPath } from "./spark-path";

interface SparklineProps {
  spark: Job["spark"];
  width?: number;
  height?: number;
  className?: string;
}

/** A small chart of a run's main series. */
export function Sparkline({ spark, width = 72, height = 20, className }: SparklineProps) {
  const points = spark?.points.map(([step, value]) => [step, fromWireNumber(value)] as const);
  const path = points ? sparkPath(points, width, height, 2) : null;
  return (
    <svg
      aria-hidden
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      className={cn("shrink-0 overflow-visible text-series-1", className)}
    >
      {path ? (
        <>
          <path
            d={path.line}
            fill="none"
            stroke="currentColor"
            strokeWidth="1.25"
            strokeLinejoin="round"
            strokeLinecap="round"
          />
          {path.end ? (
            <circle cx={path.end.x} cy={path.end.y} r="1.75" fill="currentColor" />
          ) : null}
        </>
      ) : null}
    </svg>
  );
}
