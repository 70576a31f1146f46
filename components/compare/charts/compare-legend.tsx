"use client";

import type { JobStatus } from "@signalbox/protocol/job/job";
import { Eye, EyeOff, X } from "lucide-react";
import Link from "next/link";
import { memo } from "react";
import { type Highlight, useIsHighlighted } from "@/components/charts/panel/highlight";
import { LineSwatch } from "@/components/charts/panel/line-swatch";
import { cn } from "@/components/ui/cn";
import { IconButton } from "@/components/ui/icon-button";
import { stateRoles } from "@/components/ui/status/state-roles";
import { formatInteger } from "@/lib/format/number";
import type { RunsOfValue } from "../group-runs";
import { fieldTitle } from "../group-runs";
import type { ComparedRun } from "../use-compared-runs";

interface CompareLegendProps {
  runs: readonly ComparedRun[];
  hidden: ReadonlySet<string>;
  highlight: Highlight;
  group: { field: string; values: readonly RunsOfValue[] } | null;
  onToggle: (id: string) => void;
  onRemove: (ids: readonly string[]) => void;
}

/** Every run with its line style; hovering one highlights it in all panels. */
export function CompareLegend(props: CompareLegendProps) {
  const { runs, group } = props;
  const byId = new Map(runs.map((run) => [run.job.id, run]));
  if (!group) return <LegendList {...props} label="Runs" runs={runs} />;
  return group.values.map((value, index) => (
    <section key={value.key} className="not-first:mt-2">
      <h3 className="flex h-6 items-center gap-2 px-2 text-xs text-muted">
        <LineSwatch lineStyle={groupStyle(index)} />
        <span className="truncate">
          {fieldTitle(group.field)} <b className="font-medium text-ink">{value.label}</b>
        </span>
        <span className="nums ml-auto text-faint">{value.ids.length}</span>
      </h3>
      <LegendList
        {...props}
        label={`Runs with ${fieldTitle(group.field)} ${value.label}`}
        runs={value.ids.flatMap((id) => byId.get(id) ?? [])}
      />
    </section>
  ));
}

const groupDashes: readonly (readonly number[])[] = [[], [7, 3], [2, 3]];

/** The line style of a group, by its position. */
export function groupStyle(index: number) {
  return { colour: (index % 8) + 1, dash: groupDashes[Math.floor(index / 8) % 3] ?? [] };
}

function LegendList(props: CompareLegendProps & { label: string }) {
  const { label, runs, hidden, group, ...shared } = props;
  return (
    <ul aria-label={label}>
      {runs.map((run) => (
        <LegendRow
          key={run.job.id}
          run={run}
          hidden={hidden.has(run.job.id)}
          grouped={group !== null}
          {...shared}
        />
      ))}
    </ul>
  );
}

function StateIcon({ status }: { status: JobStatus }) {
  const { icon: Icon, label, text } = stateRoles[status];
  return (
    <span data-status={status} title={label} className={text}>
      <Icon aria-hidden className="size-3.5" />
      <span className="sr-only">{label}</span>
    </span>
  );
}

interface LegendRowProps extends Pick<CompareLegendProps, "highlight" | "onToggle" | "onRemove"> {
  run: ComparedRun;
  hidden: boolean;
  /** The group shows the line style. */
  grouped: boolean;
}

const LegendRow = memo(function LegendRow(props: LegendRowProps) {
  const { run, hidden, grouped, highlight, onToggle, onRemove } = props;
  const { job, lineStyle } = run;
  const chosen = useIsHighlighted(highlight, job.id);
  return (
    <li
      data-legend={job.id}
      data-highlighted={chosen || undefined}
      onPointerEnter={() => highlight.set(job.id)}
      onPointerLeave={() => highlight.set(null)}
      onFocus={() => highlight.set(job.id)}
      onBlur={() => highlight.set(null)}
      className={cn(
        "group/row flex min-h-8 items-center gap-2 rounded-md py-1 pr-1 pl-2 text-sm",
        chosen && "bg-hover",
      )}
    >
      {grouped ? null : <LineSwatch lineStyle={lineStyle} faint={hidden} />}
      <Link
        href={`/runs/${encodeURIComponent(job.id)}`}
        title={job.name}
        prefetch={false}
        className={cn(
          "line-clamp-2 min-w-0 flex-1 leading-tight wrap-anywhere hover:underline",
          hidden && "text-faint",
        )}
      >
        {job.name}
      </Link>
      {/* On hover the buttons replace step and state, so that the name does not reflow. */}
      <span className="relative flex min-w-14 items-center justify-end gap-2">
        <span className="flex items-center gap-2 pointer-fine:group-focus-within/row:invisible pointer-fine:group-hover/row:invisible">
          <span className="nums text-xs text-faint">
            {job.current_step === null ? "" : formatInteger(job.current_step)}
          </span>
          <StateIcon status={job.status} />
        </span>
        <span className="flex pointer-fine:absolute pointer-fine:right-0 pointer-fine:opacity-0 pointer-fine:group-focus-within/row:opacity-100 pointer-fine:group-hover/row:opacity-100">
          <IconButton
            label={hidden ? `Show ${job.name}` : `Hide ${job.name}`}
            size="sm"
            aria-pressed={hidden}
            onClick={() => onToggle(job.id)}
          >
            {hidden ? <EyeOff /> : <Eye />}
          </IconButton>
          <IconButton label={`Remove ${job.name}`} size="sm" onClick={() => onRemove([job.id])}>
            <X />
          </IconButton>
        </span>
      </span>
    </li>
  );
});
