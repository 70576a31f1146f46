import type { LimitName, LimitUsage, Usage } from "@signalbox/protocol/service/usage";
import { formatBytes, formatInteger } from "@/lib/format/number";

interface RowText {
  label: string;
  help: string;
  /** One limit, or the number of rows and their size. */
  limits: readonly LimitName[];
  /** What is counted, where the label does not say it. */
  noun?: string;
}

export const usageGroups = [
  {
    title: "Storage",
    rows: [
      {
        label: "Metrics",
        help: "Points of all series. Delete runs, or shorten retention in Storage.",
        limits: ["points", "point_bytes"],
        noun: "points",
      },
      {
        label: "Logs",
        help: "Lines of all runs. Delete runs that you no longer need.",
        limits: ["log_lines", "log_bytes"],
        noun: "lines",
      },
      {
        label: "Predictions",
        help: "Of all epochs. Delete runs that you no longer need.",
        limits: ["predictions", "prediction_bytes"],
        noun: "predictions",
      },
      {
        label: "Events",
        help: "With changes of state and commands. Delete runs that you no longer need.",
        limits: ["events", "event_bytes"],
        noun: "events",
      },
    ],
  },
  {
    title: "Runs",
    rows: [
      { label: "Runs", help: "Archived runs count, too.", limits: ["runs"] },
      {
        label: "Samples in a run",
        help: "Shown for the run with the most. A sample of several epochs counts once.",
        limits: ["samples"],
      },
      {
        label: "Running trainers",
        help: "On this dashboard's training backend. Runs that are paused and held in memory count; others wait in the queue.",
        limits: ["trainers"],
      },
      { label: "Queued trainers", help: "They start in turn.", limits: ["queued_trainers"] },
    ],
  },
  {
    title: "Access",
    rows: [
      {
        label: "Requests",
        help: "By your browsers, programs and trainers. What a burst has used comes back within a minute.",
        limits: ["requests"],
      },
      {
        label: "Live streams",
        help: "Open pages and programs that follow runs.",
        limits: ["streams"],
      },
      {
        label: "Waiting trainers",
        help: "Trainers that are connected and wait for commands.",
        limits: ["polls"],
      },
      {
        label: "API keys",
        help: "Valid keys. Revoked and expired ones do not count.",
        limits: ["api_keys"],
      },
    ],
  },
] as const satisfies readonly { title: string; rows: readonly RowText[] }[];

export interface UsageRowContent extends RowText {
  usages: LimitUsage[];
}

/** The rows of a group that the reply has figures for. */
export function rowsOf(rows: readonly RowText[], { limits }: Usage): UsageRowContent[] {
  return rows
    .map((row) => ({ ...row, usages: limits.filter(({ limit }) => row.limits.includes(limit)) }))
    .filter(({ usages }) => usages.length > 0);
}

export type UsageState = "room" | "near" | "full";

/** `near` from 80 %. Busy trainers refuse nothing: others wait. */
export function usageState({ limit, used, maximum }: LimitUsage): UsageState {
  if (limit === "trainers") return "room";
  if (used >= maximum) return "full";
  return used >= maximum * 0.8 ? "near" : "room";
}

/** `3 of 10 points`, `3 of 60,000 a minute`, `1.5 MiB of 100 GiB`. */
export function usageText({ used, maximum, unit }: LimitUsage, noun = ""): string {
  if (unit === "bytes") return `${formatBytes(used)} of ${formatBytes(maximum)}`;
  const what = unit === "per_minute" ? "a minute" : noun;
  return `${formatInteger(used)} of ${formatInteger(maximum)} ${what}`.trimEnd();
}
