import type { predictionsQuerySchema } from "@signalbox/protocol/data/prediction-query";
import {
  betterDirection,
  isMeasureField,
  parseMeasureField,
  parsePredictionWhere,
} from "@signalbox/protocol/data/score";
import type { z } from "zod";
import { asJson } from "../rpc/rpc-args";

/** A query as `read_predictions` takes it: measures as fields, `worst` and `best` as sorts by one. */
export function predictionsQuery(query: z.output<typeof predictionsQuerySchema>) {
  const { sort, by, where = [], better = betterDirection(by), ...rest } = query;
  return asJson({
    ...rest,
    sort,
    better,
    by: parseMeasureField(by),
    sort_field: sortField(sort, by, better),
    where: where.map((text) => parsePredictionWhere(text)),
  });
}

function sortField(sort: string, by: string, better: "higher" | "lower") {
  if (sort === "worst" || sort === "best") {
    const descending = (sort === "best") === (better === "higher");
    return { ...parseMeasureField(by), descending };
  }
  const name = sort.replace(/^-/, "");
  if (!isMeasureField(name)) return null;
  return { ...parseMeasureField(name), descending: sort.startsWith("-") };
}
