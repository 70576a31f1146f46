import { routeCases } from "../api/routes-table.ts";

/** Replies by path. */
export type Readable = Record<string, unknown>;

/** What changes by itself, or tells about the process and not about what is stored. */
const passing = /^(GET \/api\/(metrics|training\/capabilities|training\/local\/jobs)$|.*\/stream$)/;
const passingField = new Set(["last_used_at", "request_id"]);

/**
 * Reads what is stored over the API: every reading route, for every run. What a later version adds to a
 * reply, or a route that it adds, is not in what an earlier one has read.
 * @param get the JSON of a path, as the owner with an API key that may read settings
 */
export async function readEverything(get: (path: string) => Promise<unknown>): Promise<Readable> {
  const everything: Readable = {};
  const read = async (path: string) => {
    everything[path] = withoutPassing(await get(path));
  };
  const reading = routeCases.filter(
    ({ route, scope }) =>
      route.startsWith("GET ") && scope !== "public" && scope !== "ingest" && !passing.test(route),
  );
  const jobs = "/api/training/jobs?archived=all&limit=500";
  await read(jobs);
  const ids = (everything[jobs] as { jobs: { id: string }[] }).jobs.map(({ id }) => id);
  for (const { names, path } of reading) {
    const paths = new Set(names === "job" ? ids.map(path) : [path("")]);
    for (const each of paths) await read(each);
  }
  for (const id of ids) {
    const base = `/api/training/predictions/${encodeURIComponent(id)}`;
    const { epochs } = everything[`${base}/epochs`] as { epochs: { epoch: number }[] };
    for (const { epoch } of epochs) await read(`${base}?epoch=${epoch}&limit=100`);
  }
  return everything;
}

function withoutPassing(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, field: unknown) => (passingField.has(key) ? undefined : field)),
  ) as unknown;
}
