import { predictionFilters, predictionSorts } from "@signalbox/protocol/prediction";
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
import { diffLevels } from "@/lib/predictions/diff-answers";
import type { CompareWith } from "@/lib/predictions/epoch-choice";
import { mapOrders } from "@/lib/predictions/learning-map";
import { rowHeights } from "@/lib/predictions/map-picture";
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
  /** Without it the newest epoch is followed. */
  epoch: parseAsFloat,
  compare: parseCompare.withDefault("first"),
  view: parseAsStringLiteral(epochViews),
  sort: parseAsStringLiteral(predictionSorts).withDefault("index"),
  filter: parseAsStringLiteral(predictionFilters),
  q: parseAsString.withDefault(""),
  cols: parseAsArrayOf(parseAsStringLiteral(tableColumns)),
  sample: parseAsInteger,
  /** Another run whose answers to the sample stand beside. */
  run: parseAsString,
  diff: parseAsStringLiteral(diffLevels),
  against: parseAsStringLiteral(againsts).withDefault("truth"),
  reveal: parseAsBoolean.withDefault(false),
  colour: parseAsStringLiteral(colourings).withDefault("error"),
  order: parseAsStringLiteral(mapOrders).withDefault("index"),
  row: parseAsStringLiteral(["fit", ...rowHeights.map(String)]).withDefault("fit"),
};

/** What the Epochs tab shows is in the address, so that a view can be shared. */
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
