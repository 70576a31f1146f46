import type { MapData } from "@/lib/hooks/predictions/use-prediction-map";
import { never } from "@/lib/predictions/map/learning-map";
import { readCell } from "@/lib/predictions/map/map-cell";

/** Describes a cell in words. */
export function describeCell(byte: number): string {
  const cell = readCell(byte);
  switch (cell.kind) {
    case "none":
      return "no prediction";
    case "unscored":
      return "no ground truth";
    case "right":
      return "correct";
    case "wrong":
      return `incorrect, error rate ${byte === 255 ? "1 or more" : cell.errorRate.toFixed(2)}`;
  }
}

/** Describes when a sample was learned and how often it was forgotten. */
export function describeSample({ map, learning }: MapData, sample: number): string {
  const { learnedAt, forgotten, finalCell } = learning;
  if ((finalCell[sample] ?? 0) < 2) return "";
  const at = learnedAt[sample] ?? never;
  if (at === never) return "Never learned.";
  const times = forgotten[sample] ?? 0;
  const forgot = times === 0 ? "" : times === 1 ? ", forgotten once" : `, forgotten ${times} times`;
  return `Learned at epoch ${map.epochs[at]}${forgot}.`;
}
