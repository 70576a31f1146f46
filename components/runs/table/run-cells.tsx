"use client";

import type { Job } from "@signalbox/protocol/job/job";
import Link from "next/link";
import { cn } from "@/components/ui/cn";
import { Progress } from "@/components/ui/feedback/progress";
import { Tooltip } from "@/components/ui/overlays/tooltip";
import { stateRoles } from "@/components/ui/status/state-roles";
import { Tag } from "@/components/ui/tag";
import { formatTicking } from "@/lib/format/duration";
import { formatInteger, formatMetric, formatPercent } from "@/lib/format/number";
import { useNow } from "@/lib/hooks/page/use-now";
import { headlineMetric } from "./headline-metric";
import { Sparkline } from "./sparkline";
import { TickValue } from "./tick-value";
import { activeSecondsAt, etaSeconds } from "./timing";

const dash = <span className="text-faint">–</span>;

/** Progress and time left; the error where a run failed. */
export function ProgressCell({ job }: { job: Job }) {
  const now = useNow(1000);
  const { bar } = stateRoles[job.status];
  if (job.status === "failed" && job.error) {
    return (
      <Tooltip content={job.error.split("\n")[0]?.slice(0, 300)}>
        <span className="truncate text-xs text-failed">{job.error}</span>
      </Tooltip>
    );
  }
  if (job.progress === null) {
    return <span className="truncate text-xs text-muted">{statusNote(job) || dash}</span>;
  }
  const eta = now === null ? null : etaSeconds(job, now);
  return (
    <span className="flex w-full min-w-0 items-center gap-2">
      <Progress
        value={job.progress}
        label={`Progress of ${job.name}`}
        barClassName={bar}
        className="w-16 shrink-0"
      />
      <span className="nums w-9 shrink-0 text-right text-xs text-ink">
        {formatPercent(Math.floor(job.progress * 100) / 100)}
      </span>
      <span className="nums truncate text-xs text-muted">
        {eta === null ? (
          statusNote(job)
        ) : (
          <>
            {formatTicking(eta)}
            <span className="max-sm:sr-only"> left</span>
          </>
        )}
      </span>
    </span>
  );
}

/** The phase while the time left is unknown, or the final exact match. */
function statusNote(job: Job): string {
  if (job.status === "running" || job.status === "starting") return job.phase ?? "";
  const exact = job.latest["eval/exact_match"];
  return job.status === "succeeded" && typeof exact === "number"
    ? `${formatPercent(exact, exact === 1 ? 0 : 1)} exact`
    : "";
}

/** `7/10 · 1,240 / 2,000` */
export function StepCell({ job }: { job: Job }) {
  if (job.current_step === null) return dash;
  return (
    <span className="nums flex min-w-0 items-baseline gap-1.5 truncate">
      {job.current_epoch === null ? null : (
        <span className="w-10 shrink-0 text-xs text-muted">
          <span className="sr-only">epoch </span>
          {formatEpoch(job.current_epoch)}
          {job.total_epochs === null ? "" : `/${formatEpoch(job.total_epochs)}`}
        </span>
      )}
      <span className="sr-only">step </span>
      <span>{formatInteger(job.current_step)}</span>
      {job.total_steps === null ? null : (
        <span className="text-xs text-faint">/ {formatInteger(job.total_steps)}</span>
      )}
    </span>
  );
}

/** The number of epochs with predictions, and the best one. */
export function EpochsCell({ job }: { job: Job }) {
  const { epochs } = job;
  if (!epochs) return dash;
  const { best_epoch, best_char_error_rate, best_exact_match } = epochs;
  return (
    <Tooltip
      content={
        best_epoch === null
          ? `Predictions at ${formatInteger(epochs.count)} epochs, none with ground truth`
          : `Best at epoch ${formatEpoch(best_epoch)}: ${formatPercent(best_exact_match ?? 0)} exact match, character error rate ${formatMetric(best_char_error_rate ?? 0, 3)}`
      }
    >
      <Link
        href={`/runs/${encodeURIComponent(job.id)}?tab=epochs${best_epoch === null ? "" : `&epoch=${best_epoch}`}`}
        className="nums inline-flex items-baseline gap-1.5 rounded-sm hover:underline"
      >
        {formatInteger(epochs.count)}
        {best_epoch === null ? null : (
          <span className="text-xs text-muted">★ {formatEpoch(best_epoch)}</span>
        )}
      </Link>
    </Tooltip>
  );
}

function formatEpoch(epoch: number): string {
  return Number.isInteger(epoch) ? formatInteger(epoch) : epoch.toFixed(1);
}

/** The main metric with its sparkline; `compact` where columns need not line up. */
export function MetricCell({ job, compact = false }: { job: Job; compact?: boolean }) {
  const metric = headlineMetric(job);
  if (!metric) return dash;
  return (
    <span className="flex min-w-0 items-center gap-2">
      <span
        className={cn(
          "flex min-w-0 shrink-0 items-baseline justify-between gap-1.5",
          !compact && "w-26",
        )}
      >
        <span title={metric.name} className="truncate text-xs text-faint">
          {metric.short}
        </span>
        <TickValue text={formatMetric(metric.value)} />
      </span>
      <Sparkline spark={job.spark} width={compact ? 44 : 72} />
    </span>
  );
}

/** Time spent training; pauses and queueing do not count. */
export function DurationCell({ job }: { job: Job }) {
  const now = useNow(1000);
  if (job.started_at === null) return dash;
  const seconds = now === null ? job.active_seconds : activeSecondsAt(job, now);
  return <span className="nums whitespace-nowrap">{formatTicking(seconds)}</span>;
}

/** The first tags, and the number of the others. */
export function TagsCell({ tags }: { tags: readonly string[] }) {
  if (tags.length === 0) return null;
  const shown = tags.slice(0, 2);
  const rest = tags.slice(2);
  return (
    <span className="flex min-w-0 gap-1 overflow-hidden">
      {shown.map((tag) => (
        <Tag key={tag} className="min-w-0 shrink">
          {tag}
        </Tag>
      ))}
      {rest.length > 0 ? (
        <Tooltip content={rest.join(", ")}>
          <span className="nums text-xs leading-5 text-faint">+{rest.length}</span>
        </Tooltip>
      ) : null}
    </span>
  );
}
