import { isTerminal as hasEnded, type Job, type JobStatus } from "../types.ts";

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34, cyan: 36 } as const;
export type Colour = keyof typeof codes;

/** A text in a colour; the text itself where colours are off. */
export function paint(text: string, colour: Colour | null, on: boolean): string {
  return on && colour ? `\u001b[${codes[colour]}m${text}\u001b[0m` : text;
}

const styles: Record<JobStatus, { icon: string; colour: Colour | null }> = {
  queued: { icon: "○", colour: "dim" },
  starting: { icon: "◔", colour: "cyan" },
  running: { icon: "●", colour: "cyan" },
  pausing: { icon: "◐", colour: "yellow" },
  paused: { icon: "‖", colour: "yellow" },
  stopping: { icon: "◐", colour: "yellow" },
  lost: { icon: "?", colour: "red" },
  succeeded: { icon: "✓", colour: "green" },
  failed: { icon: "✗", colour: "red" },
  cancelled: { icon: "⊘", colour: "dim" },
};

/** A state by icon, word and colour. */
export function statusText(status: JobStatus, colour: boolean): string {
  const { icon, colour: code } = styles[status] ?? { icon: "?", colour: null };
  return paint(`${icon} ${status}`, code, colour);
}

const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** `4310` → `4,310`. */
export function integer(value: number): string {
  return grouped.format(value);
}

/** `2m 14s`, `1h 02m`, `3d 4h`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (part: number) => String(part).padStart(2, "0");
  if (whole < 60) return `${whole}s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}m ${two(whole % 60)}s`;
  const hours = Math.floor(minutes / 60);
  return hours < 24
    ? `${hours}h ${two(minutes % 60)}m`
    : `${Math.floor(hours / 24)}d ${hours % 24}h`;
}

/** A run's progress: `1,240 / 2,000 (62%)`. */
export function progressText(job: Job): string {
  const step = job.current_step;
  if (step === null) return job.progress === null ? "" : percent(job.progress);
  const of = job.total_steps === null ? "" : ` / ${integer(job.total_steps)}`;
  const share = job.progress === null ? "" : ` (${percent(job.progress)})`;
  return `${integer(step)}${of}${share}`;
}

function percent(share: number): string {
  return `${Math.floor(share * 100)}%`;
}

/** The run's state and progress in one line. */
export function outcomeText(job: Job, colour: boolean): string {
  const parts = [statusText(job.status, colour)];
  if (job.current_step !== null) parts.push(`step ${progressText(job)}`);
  if (job.active_seconds > 0) parts.push(duration(job.active_seconds));
  if (hasEnded(job.status) && job.status !== "succeeded" && job.error) parts.push(job.error);
  return parts.join(" · ");
}

/** `2m 14s ago` */
export function ago(timestamp: string, now: number): string {
  return `${duration((now - Date.parse(timestamp)) / 1000)} ago`;
}
