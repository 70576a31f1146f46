"use client";

import {
  columnVisibilityFeature,
  createColumnHelper,
  rowSelectionFeature,
  tableFeatures,
} from "@tanstack/react-table";
import { RelativeTime } from "@/components/ui/relative-time";
import { StatePill } from "@/components/ui/state-pill";
import { Tag } from "@/components/ui/tag";
import type { Job } from "@/lib/contracts/job";
import { type ColumnId, columnIds, columnTitles } from "./column-ids";
import { DurationCell, MetricCell, ProgressCell, StepCell, TagsCell } from "./run-cells";

/** Sorting and filtering are the server's; the table keeps columns and selection. */
export const runsFeatures = tableFeatures({ columnVisibilityFeature, rowSelectionFeature });

const helper = createColumnHelper<typeof runsFeatures, Job>();

const quiet = (text: string | null) =>
  text ? (
    <span className="truncate text-muted">{text}</span>
  ) : (
    <span className="text-faint">–</span>
  );

const cells: Record<ColumnId, (job: Job) => React.ReactNode> = {
  state: (job) => <StatePill status={job.status} />,
  progress: (job) => <ProgressCell job={job} />,
  step: (job) => <StepCell job={job} />,
  metric: (job) => <MetricCell job={job} />,
  kind: (job) => <Tag mono>{job.kind}</Tag>,
  started: (job) => <RelativeTime value={job.started_at} className="text-muted" />,
  duration: (job) => <DurationCell job={job} />,
  tags: (job) => <TagsCell tags={job.tags} />,
  model: (job) => quiet(job.model_name),
  created: (job) => <RelativeTime value={job.created_at} className="text-muted" />,
  updated: (job) => <RelativeTime value={job.updated_at} className="text-muted" />,
  attempt: (job) => <span className="nums text-muted">{job.attempt}</span>,
  id: (job) => <span className="truncate font-mono text-xs text-muted">{job.id}</span>,
};

export const runsColumns = helper.columns(
  columnIds.map((id) =>
    helper.display({
      id,
      header: columnTitles[id],
      cell: ({ row }) => cells[id](row.original),
    }),
  ),
);
