import type { Job, JobList } from "@signalbox/protocol/job/job";
import type { JobsQuery } from "../../../lib/api/jobs.ts";
import { type MergedRuns, mergeRuns, newerJob } from "./merge-runs.ts";

const pageSize = 100;

interface MergePagesInput {
  /** The loaded pages by number; pages may be missing. */
  pages: ReadonlyMap<number, JobList>;
  live: ReadonlyMap<string, Job>;
  removed: ReadonlySet<string>;
  query: JobsQuery;
}

export interface MergedPages extends MergedRuns {
  /** Runs below the first gap, by their position in the whole list, as far as they are loaded. */
  tail: ReadonlyMap<number, string>;
}

/**
 * Merges pages and live runs into one list. Live runs are sorted into the contiguous pages from the
 * top; later pages keep the server's order. A grouped list is ordered by the server alone.
 */
export function mergePages({ pages, live, removed, query }: MergePagesInput): MergedPages {
  const first = pages.get(0);
  const total = first?.total ?? 0;
  const grouped = first?.groups !== null && first?.groups !== undefined;
  const listed: Job[] = [];
  let joined = 0;
  for (let page = pages.get(0); page && !grouped; page = pages.get(joined)) {
    listed.push(...page.jobs);
    joined += 1;
  }
  const head = grouped
    ? { known: new Map<string, Job>(), order: [], total }
    : mergeRuns({
        listed,
        total,
        complete: first !== undefined && listed.length >= total,
        live,
        removed,
        query,
      });

  const known = new Map(head.known);
  const tail = new Map<number, string>();
  const shift = head.order.length - listed.length;
  const inHead = new Set(head.order);
  for (const [number, page] of pages) {
    if (number < joined) continue;
    page.jobs.forEach((job, place) => {
      if (removed.has(job.id) || inHead.has(job.id)) return;
      const update = live.get(job.id);
      known.set(job.id, update ? newerJob(job, update) : job);
      tail.set(number * pageSize + place + shift, job.id);
    });
  }
  return { ...head, known, tail };
}
