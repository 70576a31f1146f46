import { Tooltip } from "@/components/ui/overlays/tooltip";
import { formatInteger } from "@/lib/format/number";
import type { LearningTotals } from "@/lib/predictions/map/learning-map";

const meanings = {
  learned: "Answered correctly at one epoch or more.",
  forgotten: "Changed from correct to incorrect between epochs at least once (Toneva et al. 2019).",
  never: "Incorrect at every epoch.",
};

interface MapTotalsProps {
  id: string;
  totals: LearningTotals;
  /** Whether the run has scores, so that a ground truth is not missed. */
  hasScores: boolean;
}

/** The map as numbers. */
export function MapTotals({ id, totals, hasScores }: MapTotalsProps) {
  const figures: [keyof typeof meanings, string, number][] = [
    ["learned", "learned", totals.learned],
    ["forgotten", "forgotten", totals.forgotten],
    ["never", "never learned", totals.never],
  ];
  if (totals.scored === 0) {
    return (
      <p id={id} className="nums text-xs text-muted">
        {formatInteger(totals.samples)} samples{hasScores ? "" : ", none with ground truth"}.
      </p>
    );
  }
  return (
    <p id={id} className="nums flex flex-wrap gap-x-3 text-xs text-muted">
      <span>
        <b className="font-semibold text-ink">{formatInteger(totals.rightAtLast)}</b> of{" "}
        {formatInteger(totals.scored)} correct at the end
      </span>
      {figures.map(([key, label, count]) => (
        <Tooltip key={key} content={meanings[key]}>
          <span data-total={key}>
            <b className="font-semibold text-ink">{formatInteger(count)}</b> {label}
          </span>
        </Tooltip>
      ))}
    </p>
  );
}
