import type { Job } from "@signalbox/protocol/job/job";

/** One config key (or the tags) across the runs; `values` in the order of the runs. */
export interface Difference {
  path: string;
  values: unknown[];
  differs: boolean;
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function leaves(value: unknown, path: string, found: Map<string, unknown>): void {
  if (isPlain(value) && Object.keys(value).length > 0) {
    for (const [key, inner] of Object.entries(value)) {
      leaves(inner, path === "" ? key : `${path}.${key}`, found);
    }
  } else if (path !== "") found.set(path, value);
}

/** JSON with sorted keys, so that equal values give equal text. */
function canonical(value: unknown): string {
  if (value === undefined) return "";
  return JSON.stringify(value, (_, inner: unknown) =>
    isPlain(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

const natural = new Intl.Collator("en", { numeric: true });

/** The runs' config, tags, model and dataset, key by key; `undefined` if a run lacks the key. */
export function differences(jobs: readonly Job[]): Difference[] {
  const maps = jobs.map((job) => {
    const found = new Map<string, unknown>();
    leaves(job.config, "", found);
    return found;
  });
  const paths = [...new Set(maps.flatMap((map) => [...map.keys()]))].sort(natural.compare);
  const rows: [string, unknown[]][] = [
    ["tags", jobs.map((job) => (job.tags.length > 0 ? [...job.tags].sort() : undefined))],
    ["kind", jobs.map((job) => job.kind)],
    ["model", jobs.map((job) => job.model_name ?? undefined)],
    ["dataset", jobs.map((job) => job.dataset_id ?? job.dataset_path ?? undefined)],
    ...paths.map((path): [string, unknown[]] => [path, maps.map((map) => map.get(path))]),
  ];
  return rows
    .filter(([, values]) => values.some((value) => value !== undefined))
    .map(([path, values]) => ({
      path,
      values,
      differs: new Set(values.map(canonical)).size > 1,
    }));
}

/** The differing rows (or all) whose path or values contain every word of the query. */
export function shownDifferences(
  rows: readonly Difference[],
  { query, all }: { query: string; all: boolean },
): Difference[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    if (!all && !row.differs) return false;
    const text = `${row.path} ${row.values.map(canonical).join(" ")}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
