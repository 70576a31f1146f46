import { formatMetric } from "@/lib/format/number";
import { visibleText } from "@/lib/format/visible-text";
import type { MapData } from "@/lib/hooks/predictions/use-prediction-map";
import { cellAt, never } from "@/lib/predictions/map/learning-map";
import { readCell } from "@/lib/predictions/map/map-cell";
import { scoreAt } from "@/lib/predictions/map/score-map";
import { measureTitle } from "@/lib/predictions/scores/measure-value";
import type { MapView } from "./use-map-view";

/** Describes a cell of correctness and error rate in words. */
function describeCell(byte: number): string {
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

/** Describes what the map shows of a sample at an epoch. */
export function describeView(view: MapView, epochIndex: number, sample: number): string {
  const { data, score } = view;
  const cell = cellAt(data.map, epochIndex, sample);
  if (!score || cell === 0) return describeCell(cell);
  const value = scoreAt(score, data.map.epochs[epochIndex] ?? 0, sample);
  const name = measureTitle(`scores.${score.name}`);
  if (value === null) return `no ${name}`;
  return `${name} ${typeof value === "number" ? formatMetric(value) : visibleText(value)}`;
}
