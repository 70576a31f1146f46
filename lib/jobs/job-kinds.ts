import type { JobKind } from "@signalbox/protocol/job/job";

interface JobKindInfo {
  label: string;
  /** Series that can be a run's headline metric, the preferred first. */
  headline: readonly string[];
  /** If it has none of them: patterns of other series' names, the preferred first. */
  headlinePatterns: readonly RegExp[];
}

/** What the dashboard knows about each kind of run. */
export const jobKindInfo: Record<JobKind, JobKindInfo> = {
  sft: {
    label: "SFT",
    headline: ["train/loss", "loss", "eval/loss"],
    headlinePatterns: [/loss/i],
  },
  rl: {
    label: "RL",
    headline: ["train/reward_mean", "train/reward", "reward", "eval/reward_mean"],
    headlinePatterns: [/reward/i],
  },
  other: {
    label: "Other",
    headline: ["train/loss", "loss", "train/reward_mean", "eval/loss"],
    headlinePatterns: [/loss/i, /^(?!system[/.])/],
  },
};
