import type { Job } from "@signalbox/protocol/job/job";
import type { WireNumber } from "@signalbox/protocol/wire/wire-number";
import { jobKindInfo } from "../../../lib/jobs/job-kinds.ts";

export interface HeadlineMetric {
  /** The full series name. */
  name: string;
  /** What a narrow cell calls it. */
  short: string;
  value: WireNumber;
}

/** The metric that represents a run in a table: its loss, or its reward for RL; null before any. */
export function headlineMetric(
  job: Pick<Job, "kind" | "latest"> & { spark?: Job["spark"] },
): HeadlineMetric | null {
  const names = Object.keys(job.latest);
  const { headline, headlinePatterns } = jobKindInfo[job.kind];
  const spark = job.spark?.name;
  const name =
    (spark && spark in job.latest ? spark : undefined) ??
    headline.find((each) => each in job.latest) ??
    headlinePatterns.map((pattern) => names.find((each) => pattern.test(each))).find(Boolean);
  const value = name === undefined ? undefined : job.latest[name];
  if (name === undefined || value === undefined) return null;
  const last = name.split(/[/.]/).at(-1) ?? name;
  return { name, short: last.replace(/_mean$/, "").replaceAll("_", " "), value };
}
