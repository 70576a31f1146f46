import { z } from "zod";
import { wireNumberSchema } from "../wire/primitives.ts";
import type { Series, SeriesBucket } from "./metrics.ts";

const figures = z.array(wireNumberSchema);
const counts = z.array(z.number());
const places = z.array(z.number().nullable()).optional();

/** A series' buckets as columns of equal length: half as long as the same as objects. */
const bucketColumnsSchema = z.object({
  step_first: counts,
  step_last: counts,
  min: z.array(wireNumberSchema.nullable()),
  max: z.array(wireNumberSchema.nullable()),
  mean: z.array(wireNumberSchema.nullable()),
  first: figures,
  last: figures,
  count: counts,
  nan_count: counts,
  epoch_first: places,
  epoch_last: places,
  time_first: places,
  time_last: places,
});

/** Series of one run as the database, and with `format=columns` the route, gives them. */
export const columnSeriesSchema = z.object({
  name: z.string(),
  unit: z.string().nullish(),
  columns: bucketColumnsSchema,
});

export const columnsReplySchema = z.object({
  job_id: z.string(),
  last_seq: z.number(),
  series: z.array(columnSeriesSchema),
});
export type ColumnsReply = z.infer<typeof columnsReplySchema>;

/** The same with its buckets as objects. Throws if the columns differ in length. */
export function rowsOfColumns<T extends { series: z.infer<typeof columnSeriesSchema>[] }>(
  reply: T,
): Omit<T, "series"> & { series: Series[] } {
  return {
    ...reply,
    series: reply.series.map(({ columns, ...one }) => ({ ...one, buckets: bucketsOf(columns) })),
  };
}

type Columns = z.infer<typeof bucketColumnsSchema>;

function bucketsOf(columns: Columns): SeriesBucket[] {
  const entries = Object.entries(columns).filter((entry) => entry[1] !== undefined);
  const length = columns.step_first.length;
  if (entries.some(([, column]) => column.length !== length)) {
    throw new Error("The columns of a series differ in length.");
  }
  return columns.step_first.map((_, index) => bucketAt(entries, index));
}

/** One row across the columns; `bucketColumnsSchema` names them like a bucket's fields. */
function bucketAt(entries: [string, readonly unknown[]][], index: number): SeriesBucket {
  return Object.fromEntries(
    entries.map(([name, column]) => [name, column[index]]),
  ) as unknown as SeriesBucket;
}
