"use client";

import type { Job, RunGroup } from "@signalbox/protocol/job/job";
import { isValueField } from "@signalbox/protocol/job/run-field";
import { ownValue } from "@signalbox/protocol/wire/json";
import { ChevronRight } from "lucide-react";
import { type RowProps, rowPosition } from "@/components/table/table-row";
import { cn } from "@/components/ui/cn";
import { valueLabel } from "@/lib/compare/run-value";
import { formatDuration } from "@/lib/format/duration";
import { formatInteger, formatMetric, formatPercent } from "@/lib/format/number";
import { groupTitle } from "./column-ids";
import { Difference } from "./run-columns";
import type { RunsTableRow } from "./table-rows";

interface GroupRowProps extends RowProps<RunsTableRow> {
  row: RunsTableRow & { kind: "group" };
  height: number;
}

/** The heading above a group's runs, with their means; collapses the group. */
export function GroupRow(props: GroupRowProps) {
  const { row, columns, gridTemplateColumns, height } = props;
  const { group, folded, by, baseline, onFold } = row;
  const title = groupTitle(by);
  // The heading spans the columns before the first mean; on a phone the whole row.
  const first =
    gridTemplateColumns === undefined
      ? -1
      : columns.findIndex(({ id }) => meanOf(group, id) !== null);
  return (
    <tr
      data-group={group.key}
      style={{ ...rowPosition(props), height, display: first < 0 ? "block" : "grid" }}
      className="absolute inset-x-0 top-0 items-center border-b border-line bg-sunken"
    >
      <th
        scope="rowgroup"
        className="block h-full min-w-0 font-normal"
        style={first < 0 ? undefined : { gridColumn: `1 / ${first + 1}` }}
      >
        <button
          type="button"
          aria-expanded={!folded}
          onClick={() => onFold(group.key)}
          className="flex size-full items-center gap-2 px-3 text-left text-xs text-muted hover:text-ink sm:px-4"
        >
          <ChevronRight
            aria-hidden
            className={cn("size-3.5 shrink-0 transition-transform", !folded && "rotate-90")}
          />
          {title}
          <b className="truncate font-medium text-ink">{valueLabel(title, group.value)}</b>
          <span className="nums whitespace-nowrap text-faint">
            {formatInteger(group.count)} {group.count === 1 ? "run" : "runs"}
          </span>
        </button>
      </th>
      {first < 0
        ? null
        : columns.slice(first).map(({ id, title: name }) => (
            <td key={id} className="flex min-w-0 items-center overflow-hidden px-1.5">
              <Mean id={id} title={name} mean={meanOf(group, id)} baseline={baseline} />
            </td>
          ))}
    </tr>
  );
}

function meanOf({ means }: RunGroup, id: string): number | null {
  return means ? (ownValue(means, id) ?? null) : null;
}

/** How a mean is written in the columns that every run has. */
const meanTexts: Partial<Record<string, (mean: number) => string>> = {
  progress: (mean) => formatPercent(Math.floor(mean * 100) / 100),
  step: (mean) => formatInteger(Math.round(mean)),
  duration: formatDuration,
  attempt: (mean) => formatMetric(mean, 3),
};

interface MeanProps {
  id: string;
  title: string;
  mean: number | null;
  baseline: Job | null;
}

/** The group's mean in a column, and its difference from the baseline. */
function Mean({ id, title, mean, baseline }: MeanProps) {
  if (mean === null) return null;
  const text = meanTexts[id]?.(mean) ?? valueLabel(title, mean);
  return (
    <span className="flex min-w-0 items-baseline gap-2">
      <span title={`Mean: ${text}`} className="nums truncate font-mono text-xs text-muted">
        <span aria-hidden>ø </span>
        <span className="sr-only">mean </span>
        {text}
      </span>
      {isValueField(id) ? <Difference field={id} value={mean} baseline={baseline} /> : null}
    </span>
  );
}
