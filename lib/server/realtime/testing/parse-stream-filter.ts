import { streamQuerySchema } from "@signalbox/protocol/stream/stream";
import { type StreamFilter, streamFilter } from "../frames/stream-filter.ts";

/** Reads the filters from a query string; throws a `ZodError` that names what is unknown. */
export function parseStreamFilter(params: URLSearchParams): StreamFilter {
  const query = [...new Set(params.keys())].map((name) => {
    const all = params.getAll(name);
    return [name, all.length === 1 ? all[0] : all];
  });
  return streamFilter(streamQuerySchema.parse(Object.fromEntries(query)));
}
