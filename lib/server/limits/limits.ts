import type { LimitName, LimitUsage } from "@signalbox/protocol/service/usage";

interface Limit {
  /** Generous for one owner on the embedded database. */
  maximum: number;
  unit: LimitUsage["unit"];
  /** What is counted, as in "60,000 requests a minute". */
  noun: string;
  /** What the user can do about it. */
  cure: string;
}

const GiB = 2 ** 30;
const deleteRuns = "Delete runs that you no longer need.";
const storedBytes = (noun: string, maximum: number): Limit => ({
  maximum,
  unit: "bytes",
  noun: `bytes of ${noun}`,
  cure: deleteRuns,
});

/** What one user may cost. The running trainers are the training backend's limit, see its settings. */
export const limits = {
  requests: {
    maximum: 60_000,
    unit: "per_minute",
    noun: "requests a minute",
    cure: "Send larger batches less often.",
  },
  streams: {
    maximum: 2_000,
    unit: "count",
    noun: "open live streams",
    cure: "Close pages or programs that follow runs.",
  },
  polls: {
    maximum: 2_000,
    unit: "count",
    noun: "trainers waiting for commands",
    cure: "Wait for one command at a time in each trainer.",
  },
  queued_trainers: {
    maximum: 100,
    unit: "count",
    noun: "queued trainers",
    cure: "Wait until one has started, or stop a queued run.",
  },
  runs: { maximum: 100_000, unit: "count", noun: "runs", cure: deleteRuns },
  samples: {
    maximum: 1_000_000,
    unit: "count",
    noun: "samples in a run",
    cure: "Evaluate fewer samples, or the same ones in every epoch by prompt_id.",
  },
  api_keys: {
    maximum: 500,
    unit: "count",
    noun: "API keys",
    cure: "Revoke keys that you no longer use.",
  },
  points: {
    maximum: 1_000_000_000,
    unit: "count",
    noun: "metric points",
    cure: `${deleteRuns} Or keep finished runs at full resolution for a shorter time, in Settings, Storage.`,
  },
  point_bytes: storedBytes("metrics", 100 * GiB),
  log_lines: { maximum: 200_000_000, unit: "count", noun: "log lines", cure: deleteRuns },
  log_bytes: storedBytes("logs", 50 * GiB),
  predictions: { maximum: 100_000_000, unit: "count", noun: "predictions", cure: deleteRuns },
  prediction_bytes: storedBytes("predictions", 100 * GiB),
  events: { maximum: 50_000_000, unit: "count", noun: "events", cure: deleteRuns },
  event_bytes: storedBytes("events", 20 * GiB),
} as const satisfies Record<Exclude<LimitName, "trainers">, Limit>;

/** A limit that this process holds. */
export type OwnLimit = keyof typeof limits;

/** The lookup as plain data; the table's keys are the names. */
export const ownLimits = Object.keys(limits) as OwnLimit[];

export type LimitSetting<Name extends LimitName = LimitName> = `SIGNALBOX_LIMIT_${Uppercase<Name>}`;

/** `points` → `SIGNALBOX_LIMIT_POINTS` */
export function settingOf<Name extends LimitName>(name: Name): LimitSetting<Name> {
  return `SIGNALBOX_LIMIT_${name.toUpperCase() as Uppercase<Name>}`;
}
