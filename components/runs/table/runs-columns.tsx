"use client";

import type { Job } from "@signalbox/protocol/job";
import { isValueField, parseField, type ValueField } from "@signalbox/protocol/run-field";
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

const quiet = (text: string | null) =>
  text ? (
    <span className="truncate text-muted">{text}</span>
  ) : (
    <span className="text-faint">–</span>
  );

const cells: Record<FixedColumn, (job: Job, base: Job | null) => React.ReactNode> = {
  state: (job) => <StatePill status={job.status} />,
  progress: (job) => <ProgressCell job={job} />,
  step: (job) => <StepCell job={job} />,
  metric: (job, base) => {
    const name = headlineMetric(job)?.name;
    return (
      <span className="flex min-w-0 items-center gap-2">
        <MetricCell job={job} compact={base !== null} />
        {name === undefined ? null : <AgainstBase field={`latest.${name}`} job={job} base={base} />}
      </span>
    );
  },
  epochs: (job) => <EpochsCell job={job} />,
  kind: (job) => <Tag mono>{job.kind}</Tag>,
  started: (job) => <RelativeTime value={job.started_at} className="text-muted" />,
  duration: (job) => <DurationCell job={job} />,
  tags: (job) => <TagsCell tags={job.tags} />,
  model: (job) => quiet(job.model_name),
  created: (job) => <RelativeTime value={job.created_at} className="text-muted" />,
  updated: (job) => <RelativeTime value={job.updated_at} className="text-muted" />,
  attempt: (job) => <span className="nums text-muted">{job.attempt}</span>,
  notes: (job) => <RunNotes id={job.id} name={job.name} notes={job.notes} />,
  id: (job) => <span className="truncate font-mono text-xs text-muted">{job.id}</span>,
};

/** A run's cell in a column; `base` is the run that others are measured against. */
export function runCell(id: ColumnId, job: Job, base: Job | null): React.ReactNode {
  if (!isValueField(id)) return cells[id](job, base);
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
      <AgainstBase field={id} job={job} base={base} />
    </span>
  );
}

function AgainstBase({ field, job, base }: { field: ValueField; job: Job; base: Job | null }) {
  const parsed = parseField(field, []);
  if (!base || base.id === job.id || !parsed) return null;
  return <Against field={field} value={runValue(job, parsed)} base={base} />;
}

interface AgainstProps {
  field: ValueField;
  value: unknown;
  base: Job | null;
}

/** The distance to the baseline in per cent; green and red only where a series has a better end. */
export function Against({ field, value, base }: AgainstProps) {
  const parsed = parseField(field, []);
  if (!base || !parsed) return null;
  const change = percentAgainst(value, runValue(base, parsed));
  if (change === null) return null;
  const better = parsed.source === "latest" ? isBetter(parsed.name, change) : null;
  return (
    <span
      title={`against ${base.name}`}
      className={cn(
        "nums shrink-0 text-xs",
        better === null ? "text-faint" : better ? "text-succeeded" : "text-failed",
      )}
    >
      {formatPercentChange(change)}
    </span>
  );
}
