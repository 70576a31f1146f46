import type { Job } from "@signalbox/protocol/job";
import type { WireNumber } from "@signalbox/protocol/wire-number";

export interface HeadlineMetric {
  /** The full series name. */
  name: string;
  /** What a narrow cell calls it. */
  short: string;
  value: WireNumber;
}

const preferred: Record<Job["kind"], readonly string[]> = {
  sft: ["train/loss", "loss", "eval/loss"],
  rl: ["train/reward_mean", "train/reward", "reward", "eval/reward_mean"],
  other: ["train/loss", "loss", "train/reward_mean", "eval/loss"],
};

/** The figure that stands for a run in a table: its loss, or its reward for RL; null before any. */
export function headlineMetric(
  job: Pick<Job, "kind" | "latest"> & { spark?: Job["spark"] },
): HeadlineMetric | null {
  const names = Object.keys(job.latest);
  const word = job.kind === "rl" ? /reward/i : /loss/i;
  const spark = job.spark?.name;
  const name =
    (spark && spark in job.latest ? spark : undefined) ??
    preferred[job.kind].find((each) => each in job.latest) ??
    names.find((each) => word.test(each)) ??
    (job.kind === "other" ? names.find((each) => !/^system[/.]/.test(each)) : undefined);
  const value = name === undefined ? undefined : job.latest[name];
  if (name === undefined || value === undefined) return null;
  const last = name.split(/[/.]/).at(-1) ?? name;
  return { name, short: last.replace(/_mean$/, "").replaceAll("_", " "), value };
}
