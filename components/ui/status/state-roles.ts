import type { JobStatus } from "@signalbox/protocol/job/job";
import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleHelp,
  CirclePause,
  CirclePlay,
  CircleX,
  LoaderCircle,
  type LucideIcon,
} from "lucide-react";

export interface StateRole {
  label: string;
  icon: LucideIcon;
  /** The text colour class; backgrounds and bars derive from it as `currentcolor`. */
  text: string;
  bar: string;
  /** A transitional state; the icon spins. */
  between: boolean;
  /** Drawn as an outline: the last state is known, the current one is not. */
  outline: boolean;
}

const role = (
  label: string,
  icon: LucideIcon,
  text: string,
  bar: string,
  extra: Partial<StateRole> = {},
): StateRole => ({ label, icon, text, bar, between: false, outline: false, ...extra });

const between = { between: true };

/** How each state is displayed; colour is never the only sign. */
export const stateRoles: Record<JobStatus, StateRole> = {
  queued: role("Queued", CircleDashed, "text-queued", "bg-queued"),
  starting: role("Starting", LoaderCircle, "text-running", "bg-running", between),
  running: role("Running", CirclePlay, "text-running", "bg-running"),
  pausing: role("Pausing", LoaderCircle, "text-paused", "bg-paused", between),
  paused: role("Paused", CirclePause, "text-paused", "bg-paused"),
  stopping: role("Stopping", LoaderCircle, "text-cancelled", "bg-cancelled", between),
  lost: role("Lost", CircleHelp, "text-failed", "bg-failed", { outline: true }),
  succeeded: role("Succeeded", CircleCheck, "text-succeeded", "bg-succeeded"),
  failed: role("Failed", CircleX, "text-failed", "bg-failed"),
  cancelled: role("Cancelled", Ban, "text-cancelled", "bg-cancelled"),
};

/** `--series-1` … `--series-8`, by position; a ninth series starts over. */
export function seriesColor(index: number): string {
  return `var(--series-${(((index % 8) + 8) % 8) + 1})`;
}
