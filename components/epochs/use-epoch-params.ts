import { isPredictionSort, predictionFilters } from "@signalbox/protocol/data/prediction-query";
import {
  isMeasureField,
  isScoreField,
  parsePredictionWhere,
  type ScoreField,
} from "@signalbox/protocol/data/score";
import {
  createParser,
  debounce,
  parseAsArrayOf,
  parseAsBoolean,
  parseAsFloat,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
  useQueryStates,
} from "nuqs";
import type { CompareWith } from "@/lib/predictions/epoch-choice";
import { mapOrders } from "@/lib/predictions/map/learning-map";
import { rowHeights } from "@/lib/predictions/map/map-picture";
import { diffLevels } from "@/lib/predictions/text/diff-answers";
import { isTrendId } from "@/lib/predictions/trends/trend-measures";
import { isTableColumn } from "./table/column-ids";

const parseCompare = createParser<CompareWith>({
  parse(text) {
    if (text === "first" || text === "previous") return text;
    const epoch = Number(text);
    return text !== "" && Number.isFinite(epoch) && epoch >= 0 ? epoch : null;
  },
  serialize: String,
});

/** A parameter of texts that `accepts` allows. */
function parseAs<T extends string>(accepts: (text: string) => text is T) {
  return createParser<T>({
    parse: (text) => (accepts(text) ? text : null),
    serialize: String,
  });
}

export const epochViews = ["all", "trends", "map", "table"] as const;
export type EpochView = (typeof epochViews)[number];

/** What the map is coloured by: correctness, the error rate or a score. */
export type MapColour = "verdict" | "error" | ScoreField;

function isMapColour(text: string): text is MapColour {
  return text === "verdict" || text === "error" || isScoreField(text);
}

function isCondition(text: string): text is string {
  return parsePredictionWhere(text) !== null;
}
const againsts = ["truth", "before"] as const;
export type Against = (typeof againsts)[number];

const parsers = {
  /** Null follows the latest epoch. */
  epoch: parseAsFloat,
  compare: parseCompare.withDefault("first"),
  view: parseAsStringLiteral(epochViews),
  /** Null shows the charts of the first measures. */
  trends: parseAsArrayOf(parseAs(isTrendId)),
  sort: parseAs(isPredictionSort).withDefault("index"),
  filter: parseAsStringLiteral(predictionFilters),
  where: parseAsArrayOf(parseAs(isCondition)).withDefault([]),
  /** What answers are compared by; null is the run's usual measure. */
  by: parseAs(isMeasureField),
  /** Null goes by the measure's name. */
  better: parseAsStringLiteral(["higher", "lower"]),
  q: parseAsString.withDefault(""),
  cols: parseAsArrayOf(parseAs(isTableColumn)),
  sample: parseAsInteger,
  /** Another run to compare the sample with. */
  run: parseAsString,
  diff: parseAsStringLiteral(diffLevels),
  against: parseAsStringLiteral(againsts).withDefault("truth"),
  reveal: parseAsBoolean.withDefault(false),
  /** Null is the error rate, or the first score of a run without ground truth. */
  colour: parseAs(isMapColour),
  order: parseAsStringLiteral(mapOrders).withDefault("index"),
  row: parseAsStringLiteral(["fit", ...rowHeights.map(String)]).withDefault("fit"),
};

/** The state of the Epochs tab, kept in the URL. */
export function useEpochParams() {
  const [params, set] = useQueryStates(parsers, { history: "replace" });
  return {
    params,
    set,
    setSearch: (text: string) =>
      set({ q: text || null }, { limitUrlUpdates: debounce(text ? 250 : 0) }),
  };
}

export type EpochParams = ReturnType<typeof useEpochParams>;
