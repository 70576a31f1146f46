import type { Job } from "@signalbox/protocol/job/job";
import { jobSorts, parseField, parseWhere } from "@signalbox/protocol/job/run-field";
import type { JobsQuery } from "../../../lib/api/jobs.ts";
import { compareValues, matchesWhere, runValue } from "../../../lib/compare/run-value.ts";

/** The newer of two copies of a job; keeps the older one's sparkline where the newer has none. */
export function newerJob(a: Job, b: Job): Job {
  const newer = isNewer(b, a) ? b : a;
  const older = newer === a ? b : a;
  if (newer.spark || !older.spark || newer.generation !== older.generation) return newer;
  return { ...newer, spark: older.spark };
}

function isNewer(a: Job, b: Job): boolean {
  if (a.generation !== b.generation) return a.created_at > b.created_at;
  if (a.last_seq !== b.last_seq) return a.last_seq > b.last_seq;
  return a.updated_at > b.updated_at;
}

/** Whether a job matches `query`, by the database's rules. */
export function matchesQuery(job: Job, query: JobsQuery): boolean {
  const archived = query.archived ?? "false";
  if (archived !== "all" && job.archived !== (archived === "true")) return false;
  if (query.status?.length && !query.status.includes(job.status)) return false;
  if (query.kind?.length && !query.kind.includes(job.kind)) return false;
  if (query.tag?.length && !query.tag.every((tag) => job.tags.includes(tag))) return false;
  if (query.ids?.length && !query.ids.includes(job.id)) return false;
  const wheres = query.where?.flatMap((text) => parseWhere(text) ?? []) ?? [];
  if (!wheres.every((where) => matchesWhere(job, where))) return false;
  if (!query.q) return true;
  const needle = query.q.toLowerCase();
  return [job.name, job.id, job.tags.join(" "), job.model_name ?? "", job.notes].some((text) =>
    text.toLowerCase().includes(needle),
  );
}

const created = { source: "job", name: "created" } as const;

/** Orders jobs as the server does: by `sort`, unknown values last, ties newest first. */
export function compareJobs(sort: string): (a: Job, b: Job) => number {
  const falling = sort.startsWith("-");
  const field = parseField(falling ? sort.slice(1) : sort, jobSorts) ?? created;
  return (a, b) => {
    const order = compareValues(runValue(a, field), runValue(b, field), falling);
    if (order !== 0) return order;
    if (a.created_at !== b.created_at) return a.created_at < b.created_at ? 1 : -1;
    return a.id < b.id ? 1 : a.id > b.id ? -1 : 0;
  };
}

export interface MergeInput {
  listed: readonly Job[];
  total: number;
  /** Whether `listed` holds every matching job. */
  complete: boolean;
  live: ReadonlyMap<string, Job>;
  removed: ReadonlySet<string>;
  query: JobsQuery;
}

export interface MergedRuns {
  /** All known jobs by id, whether they still match or not. */
  known: ReadonlyMap<string, Job>;
  /** The matching ids, in order. */
  order: readonly string[];
  total: number;
}

/**
 * Merges live jobs into the fetched pages. A new live job is added where its position is already
 * loaded; one that no longer matches is removed.
 */
export function mergeRuns({
  listed,
  total,
  complete,
  live,
  removed,
  query,
}: MergeInput): MergedRuns {
  const compare = compareJobs(query.sort ?? "-created");
  const known = new Map<string, Job>();
  const shown: Job[] = [];
  let count = total;

  for (const job of listed) {
    if (known.has(job.id)) continue;
    if (removed.has(job.id)) {
      count -= 1;
      continue;
    }
    const update = live.get(job.id);
    const merged = update ? newerJob(job, update) : job;
    known.set(job.id, merged);
    if (!update || matchesQuery(merged, query)) shown.push(merged);
    else count -= 1;
  }

  const end = listed.at(-1);
  for (const job of live.values()) {
    if (known.has(job.id) || removed.has(job.id)) continue;
    known.set(job.id, job);
    if (!matchesQuery(job, query)) continue;
    if (!complete && end && compare(job, end) > 0) continue;
    shown.push(job);
    if (complete) count += 1;
  }

  shown.sort(compare);
  return { known, order: shown.map((job) => job.id), total: Math.max(count, shown.length) };
}
