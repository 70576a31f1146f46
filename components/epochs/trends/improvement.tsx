import type { PredictionTrendsReply } from "@signalbox/protocol/data/prediction";
import type { Better } from "@signalbox/protocol/data/score";
import { Minus, TrendingDown, TrendingUp } from "lucide-react";
import { cn } from "@/components/ui/cn";
import type { Comparing } from "@/lib/predictions/scores/epoch-measures";
import { describeChange, describeImprovement } from "@/lib/predictions/trends/describe-improvement";
import { type Direction, isTrendId, type TrendId } from "@/lib/predictions/trends/trend-measures";

const colours: Record<Direction, string> = {
  better: "text-succeeded",
  worse: "text-failed",
  same: "text-muted",
};

interface ImprovementProps {
  data: PredictionTrendsReply;
  comparing: Comparing;
}

/** How the run changed from its first epoch to its last, as a number and in words. */
export function Improvement({ data, comparing }: ImprovementProps) {
  const { by, better } = comparing;
  if (by === "char_error_rate") return <ErrorImprovement data={data} />;
  return isTrendId(by) ? <MeasureImprovement data={data} id={by} better={better} /> : null;
}

interface MeasureImprovementProps {
  data: PredictionTrendsReply;
  id: TrendId;
  better: Better;
}

function MeasureImprovement({ data, id, better }: MeasureImprovementProps) {
  const described = describeChange(id, data.trends, better);
  if (!described) return null;
  const { change, direction, rose, sentence } = described;
  return (
    <p className="flex flex-wrap items-center gap-x-2 text-sm text-muted">
      <Figure
        Arrow={direction === "same" ? Minus : rose ? TrendingUp : TrendingDown}
        direction={direction}
      >
        {change}
      </Figure>
      <span>{sentence}</span>
    </p>
  );
}

/** The fall of the error rate in per cent, as the API computes it. */
function ErrorImprovement({ data }: { data: PredictionTrendsReply }) {
  const { overall_improvement: improvement, trends } = data;
  const scored = trends.filter((trend) => trend.avg_char_error_rate !== null);
  if (scored.length === 0) return null;
  const description = describeImprovement(
    improvement,
    scored.map(({ epoch }) => epoch),
  );
  const rose = (improvement ?? 0) < -0.05;
  return (
    <p
      className="flex flex-wrap items-center gap-x-2 text-sm text-muted"
      data-improvement={improvement}
    >
      {improvement === null ? null : (
        <Figure Arrow={rose ? TrendingUp : TrendingDown} direction={rose ? "worse" : "better"}>
          {improvement < 0 ? "−" : ""}
          {Math.abs(improvement).toFixed(1)}% improvement
        </Figure>
      )}
      <span>{description}</span>
    </p>
  );
}

interface FigureProps {
  Arrow: typeof TrendingUp;
  direction: Direction;
  children: React.ReactNode;
}

function Figure({ Arrow, direction, children }: FigureProps) {
  return (
    <span
      className={cn(
        "nums inline-flex items-center gap-1 font-medium whitespace-nowrap",
        colours[direction],
      )}
    >
      <Arrow aria-hidden className="size-4" />
      {children}
    </span>
  );
}
