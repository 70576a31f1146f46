import type { Job } from "@signalbox/protocol/job/job";
import { isTerminal } from "@signalbox/protocol/job/job-status";
import type { ReactNode } from "react";
import { RelativeTime } from "@/components/ui/relative-time";
import { formatDuration, formatTicking } from "@/lib/format/duration";
import { secondsLeft } from "@/lib/format/eta";
import { formatInteger, formatMetric } from "@/lib/format/number";
import { visibleText } from "@/lib/format/visible-text";
import { QueuePlace } from "./queue-place";

const ofTotal = (now: string, total: number | null, format: (value: number) => string) =>
  total === null ? now : `${now} / ${format(total)}`;

/** Most trainers count whole epochs, some fractions. */
const formatEpoch = (epoch: number) =>
  Number.isInteger(epoch) ? formatInteger(epoch) : formatMetric(epoch, 3);

/** Whether the training backend has yet to start a process. */
const isWaiting = ({ status, managed, attempt_active }: Job) =>
  status === "queued" && managed && !attempt_active;

interface Fact {
  key: string;
  content: ReactNode;
}

function runFacts(job: Job): Fact[] {
  const facts: Fact[] = [];
  const add = (key: string, content: ReactNode) => facts.push({ key, content });
  if (job.current_step !== null || job.total_steps !== null) {
    const step = formatInteger(job.current_step ?? 0);
    add("step", `step ${ofTotal(step, job.total_steps, formatInteger)}`);
  }
  if (job.current_epoch !== null) {
    add("epoch", `epoch ${ofTotal(formatEpoch(job.current_epoch), job.total_epochs, formatEpoch)}`);
  }
  if (isWaiting(job)) add("queue", <QueuePlace id={job.id} />);
  const left = secondsLeft(job);
  if (left !== null && job.status === "running") add("left", `${formatTicking(left)} left`);
  if (job.phase && !isTerminal(job.status)) add("phase", visibleText(job.phase));
  if (job.active_seconds > 0 && isTerminal(job.status))
    add("trained", `trained ${formatDuration(job.active_seconds)}`);
  if (job.attempt > 1) add("attempt", `attempt ${formatInteger(job.attempt)}`);
  add("kind", job.managed ? job.kind : `${job.kind}, attached`);
  if (job.finished_at) {
    add(
      "finished",
      <>
        ended <RelativeTime value={job.finished_at} />
      </>,
    );
  } else if (job.started_at) {
    add(
      "started",
      <>
        started <RelativeTime value={job.started_at} />
      </>,
    );
  } else {
    add(
      "created",
      <>
        created <RelativeTime value={job.created_at} />
      </>,
    );
  }
  return facts;
}

/** The run's progress in one line. */
export function RunFacts({ job }: { job: Job }) {
  return (
    <ul
      aria-label="Progress"
      className="nums flex flex-wrap items-center gap-x-2 text-sm text-muted max-sm:gap-x-3"
    >
      {runFacts(job).map(({ key, content }, index) => (
        <li key={key} data-fact={key} className="flex items-center gap-2 whitespace-nowrap">
          {index > 0 ? (
            <span aria-hidden className="text-line-strong max-sm:hidden">
              ·
            </span>
          ) : null}
          <span className={key === "step" ? "font-medium text-ink" : undefined}>{content}</span>
        </li>
      ))}
    </ul>
  );
}
