"use client";

import type { Job } from "@signalbox/protocol/job/job";
import { isValueField, parseField, type ValueField } from "@signalbox/protocol/job/run-field";
import { cn } from "@/components/ui/cn";
import { RelativeTime } from "@/components/ui/relative-time";
import { StatePill } from "@/components/ui/status/state-pill";
import { Tag } from "@/components/ui/tag";
import {
  formatPercentChange,
  isBetter,
  numberOf,
  percentAgainst,
  runValue,
  valueLabel,
} from "@/lib/compare/run-value";
import type { ColumnId, FixedColumn } from "./column-ids";
import { headlineMetric } from "./headline-metric";
import {
  DurationCell,
  EpochsCell,
  MetricCell,
  ProgressCell,
  StepCell,
  TagsCell,
} from "./run-cells";
import { RunNotes } from "./run-notes";

const mutedText = (text: string | null) =>
  text ? (
    <span className="truncate text-muted">{text}</span>
  ) : (
    <span className="text-faint">–</span>
  );

const cells: Record<FixedColumn, (job: Job, baseline: Job | null) => React.ReactNode> = {
  state: (job) => <StatePill status={job.status} />,
  progress: (job) => <ProgressCell job={job} />,
  step: (job) => <StepCell job={job} />,
  metric: (job, baseline) => {
    const name = headlineMetric(job)?.name;
    return (
      <span className="flex min-w-0 items-center gap-2">
        <MetricCell job={job} compact={baseline !== null} />
        {name === undefined ? null : (
          <DifferenceFromBaseline field={`latest.${name}`} job={job} baseline={baseline} />
        )}
      </span>
    );
  },
  epochs: (job) => <EpochsCell job={job} />,
  kind: (job) => <Tag mono>{job.kind}</Tag>,
  started: (job) => <RelativeTime value={job.started_at} className="text-muted" />,
  duration: (job) => <DurationCell job={job} />,
  tags: (job) => <TagsCell tags={job.tags} />,
  model: (job) => mutedText(job.model_name),
  created: (job) => <RelativeTime value={job.created_at} className="text-muted" />,
  updated: (job) => <RelativeTime value={job.updated_at} className="text-muted" />,
  attempt: (job) => <span className="nums text-muted">{job.attempt}</span>,
  notes: (job) => <RunNotes id={job.id} name={job.name} notes={job.notes} />,
  id: (job) => <span className="truncate font-mono text-xs text-muted">{job.id}</span>,
};

/** A run's cell in a column; `baseline` is the run that others are compared with. */
export function runCell(id: ColumnId, job: Job, baseline: Job | null): React.ReactNode {
  if (!isValueField(id)) return cells[id](job, baseline);
  const field = parseField(id, []);
  if (!field) return null;
  const value = runValue(job, field);
  const text = valueLabel(field.name, value);
  return (
    <span className="flex min-w-0 items-baseline gap-2">
      <span
        title={text}
        className={cn(
          "nums truncate font-mono text-xs",
          value === null ? "text-faint" : numberOf(value) === null && "text-muted",
        )}
      >
        {text}
      </span>
      <DifferenceFromBaseline field={id} job={job} baseline={baseline} />
    </span>
  );
}

function DifferenceFromBaseline({
  field,
  job,
  baseline,
}: {
  field: ValueField;
  job: Job;
  baseline: Job | null;
}) {
  const parsed = parseField(field, []);
  if (!baseline || baseline.id === job.id || !parsed) return null;
  return <Difference field={field} value={runValue(job, parsed)} baseline={baseline} />;
}

interface DifferenceProps {
  field: ValueField;
  value: unknown;
  baseline: Job | null;
}

/** The difference from the baseline in percent; coloured only where a series has a better direction. */
export function Difference({ field, value, baseline }: DifferenceProps) {
  const parsed = parseField(field, []);
  if (!baseline || !parsed) return null;
  const change = percentAgainst(value, runValue(baseline, parsed));
  if (change === null) return null;
  const better = parsed.source === "latest" ? isBetter(parsed.name, change) : null;
  return (
    <span
      title={`Compared with ${baseline.name}`}
      className={cn(
        "nums shrink-0 text-xs",
        better === null ? "text-faint" : better ? "text-succeeded" : "text-failed",
      )}
    >
      {formatPercentChange(change)}
    </span>
  );
}
