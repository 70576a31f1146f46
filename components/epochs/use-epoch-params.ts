import { predictionFilters, predictionSorts } from "@signalbox/protocol/data/prediction-query";
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
import { tableColumns } from "./table/column-ids";

const parseCompare = createParser<CompareWith>({
  parse(text) {
    if (text === "first" || text === "previous") return text;
    const epoch = Number(text);
    return text !== "" && Number.isFinite(epoch) && epoch >= 0 ? epoch : null;
  },
  serialize: String,
});

export const epochViews = ["all", "trends", "map", "table"] as const;
export type EpochView = (typeof epochViews)[number];

const colourings = ["verdict", "error"] as const;
const againsts = ["truth", "before"] as const;
export type Against = (typeof againsts)[number];

const parsers = {
  /** Null follows the latest epoch. */
  epoch: parseAsFloat,
  compare: parseCompare.withDefault("first"),
  view: parseAsStringLiteral(epochViews),
  sort: parseAsStringLiteral(predictionSorts).withDefault("index"),
  filter: parseAsStringLiteral(predictionFilters),
  q: parseAsString.withDefault(""),
  cols: parseAsArrayOf(parseAsStringLiteral(tableColumns)),
  sample: parseAsInteger,
  /** Another run to compare the sample with. */
  run: parseAsString,
  diff: parseAsStringLiteral(diffLevels),
  against: parseAsStringLiteral(againsts).withDefault("truth"),
  reveal: parseAsBoolean.withDefault(false),
  colour: parseAsStringLiteral(colourings).withDefault("error"),
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
