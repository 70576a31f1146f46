import type { StreamMessage } from "../stream/message.ts";
import type { Job } from "../types.ts";
import { messageText, plainText, timeOfDay } from "./plain-text.ts";

export interface RichState {
  name: string;
  status: string;
  step: number | null;
  totalSteps: number | null;
  epoch: number | null;
  totalEpochs: number | null;
  /** The newest value of each series, the least recently reported first. */
  latest: ReadonlyMap<string, { value: number; step: number | null }>;
  /** The series drawn as the line, and its last values. */
  lossName: string | null;
  loss: readonly number[];
  /** The last lines of everything but metrics; `event` is an event's type. */
  lines: readonly { event: string | null; text: string }[];
}

const keptSeries = 200;
const keptLoss = 600;
const keptLines = 8;
const repeated = /(^|\.)(progress|loss|step)$/;

export const emptyState: RichState = {
  name: "",
  status: "unknown",
  step: null,
  totalSteps: null,
  epoch: null,
  totalEpochs: null,
  latest: new Map(),
  lossName: null,
  loss: [],
  lines: [],
};

/** The display at the beginning: the job's own fields; its messages bring the rest. */
export function stateOfJob(job: Job): RichState {
  return {
    ...emptyState,
    name: plainText(job.name),
    status: job.status,
    totalSteps: job.total_steps,
    totalEpochs: job.total_epochs,
  };
}

/** The display after a message. */
export function withMessage(state: RichState, message: StreamMessage): RichState {
  if (message.stream_type === "metrics") return withPoint(state, message);
  const lines = withLine(state.lines, message);
  if (message.stream_type === "status") return { ...state, lines, status: message.data.status };
  if (message.stream_type !== "timeline") return { ...state, lines };
  // Trainers often report their total steps only after the start.
  const { total_steps, total_epochs } = message.data.metadata as Record<string, unknown>;
  return {
    ...state,
    lines,
    totalSteps: typeof total_steps === "number" ? total_steps : state.totalSteps,
    totalEpochs: typeof total_epochs === "number" ? total_epochs : state.totalEpochs,
  };
}

function withLine(lines: RichState["lines"], message: StreamMessage): RichState["lines"] {
  const event = message.stream_type === "events" ? message.data.type : null;
  // Of events that come every few steps, only the latest of each type is shown.
  const others =
    event !== null && repeated.test(event) ? lines.filter((line) => line.event !== event) : lines;
  const text = `${timeOfDay(message.timestamp)} ${messageText(message)}`;
  return [...others.slice(1 - keptLines), { event, text }];
}

function withPoint(
  state: RichState,
  { data: { name, value, epoch }, step }: Extract<StreamMessage, { stream_type: "metrics" }>,
): RichState {
  const latest = new Map(state.latest);
  latest.delete(name);
  latest.set(name, { value, step });
  if (latest.size > keptSeries) {
    const oldest = latest.keys().next();
    if (!oldest.done) latest.delete(oldest.value);
  }
  const lossName = betterLoss(state.lossName, name);
  const before = lossName === state.lossName ? state.loss : [];
  const isMachine = name.startsWith("system/");
  return {
    ...state,
    latest,
    lossName,
    loss: lossName === name ? [...before.slice(1 - keptLoss), value] : before,
    step: isMachine || step === null ? state.step : Math.max(state.step ?? 0, step),
    epoch: isMachine || epoch === null ? state.epoch : Math.max(state.epoch ?? 0, epoch),
  };
}

/** Which of two series to draw as the loss: `train/loss` before any other that ends in loss. */
function betterLoss(current: string | null, name: string): string | null {
  const rank = (series: string | null) => {
    if (series === null || !/(^|[/._])(loss|reward_mean)$/.test(series)) return 0;
    return series === "train/loss" ? 3 : series.endsWith("loss") ? 2 : 1;
  };
  return rank(name) > rank(current) ? name : current;
}

/** The series to show if there is room for `count`: system metrics last, else by name. */
export function shownSeries({ latest }: RichState, room: number) {
  const isMachine = (name: string) => name.startsWith("system/");
  return [...latest]
    .map(([name, point]) => ({ name, ...point }))
    .sort(
      (a, b) => Number(isMachine(a.name)) - Number(isMachine(b.name)) || (a.name < b.name ? -1 : 1),
    )
    .slice(0, room);
}

const bars = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/** Values as a sparkline of `width` bars, each the mean of its share; blank if none is finite. */
export function sparkline(values: readonly number[], width: number): string {
  const cells = Math.min(width, values.length);
  const means = Array.from({ length: cells }, (_, cell) => {
    const from = Math.floor((cell * values.length) / cells);
    const to = Math.floor(((cell + 1) * values.length) / cells);
    const finite = values.slice(from, to).filter(Number.isFinite);
    if (finite.length === 0) return Number.NaN;
    return finite.reduce((sum, value) => sum + value / finite.length, 0);
  });
  const known = means.filter(Number.isFinite);
  const low = Math.min(...known);
  const span = Math.max(...known) - low;
  return means
    .map((mean) => {
      if (!Number.isFinite(mean)) return " ";
      return bars[span > 0 ? Math.round(((mean - low) / span) * (bars.length - 1)) : 3];
    })
    .join("");
}

/** A progress bar for a share from 0 to 1, `width` wide. */
export function progressBar(share: number, width: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * width);
  return "█".repeat(full) + "░".repeat(width - full);
}
