"use client";

import type { Job, RunGroup } from "@signalbox/protocol/job";
import { isValueField } from "@signalbox/protocol/run-field";
import { ChevronRight } from "lucide-react";
import type { CSSProperties } from "react";
import { cn } from "@/components/ui/cn";
import { valueLabel } from "@/lib/compare/run-value";
import { formatDuration } from "@/lib/format/duration";
import { formatInteger, formatMetric, formatPercent } from "@/lib/format/number";
import { type ColumnId, columnTitle } from "./column-ids";
import { Against } from "./runs-columns";

interface GroupRowProps {
  group: RunGroup;
  folded: boolean;
  /** The field that groups, such as `config.batch_size`. */
  by: string;
  columns: readonly ColumnId[];
  /** The run that others are measured against. */
  base: Job | null;
  style: CSSProperties;
  onFold: (key: string) => void;
}

/** The heading above a group's runs, with their means; folds them away. */
export function GroupRow({ group, folded, by, columns, base, style, onFold }: GroupRowProps) {
  const title = by.replace(/^(config|latest)\./, "");
  // The heading takes the room up to the first mean; on a phone all of it.
  const grid = style.gridTemplateColumns !== undefined;
  const first = grid ? columns.findIndex((id) => meanOf(group, id) !== null) : -1;
  return (
    <tr
      data-group={group.key}
      style={{ ...style, display: first < 0 ? "block" : "grid" }}
      className="absolute inset-x-0 top-0 items-center border-b border-line bg-sunken"
    >
      <th
        scope="rowgroup"
        className="block h-full min-w-0 font-normal"
        style={first < 0 ? undefined : { gridColumn: `1 / ${first + 3}` }}
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
        : columns.slice(first).map((id) => (
            <td key={id} className="flex min-w-0 items-center overflow-hidden px-1.5">
              <Mean group={group} id={id} base={base} />
            </td>
          ))}
    </tr>
  );
}

function meanOf({ means }: RunGroup, id: ColumnId): number | null {
  return means?.[id] ?? null;
}

/** How a mean reads in the columns that every run has. */
const meanTexts: Partial<Record<ColumnId, (mean: number) => string>> = {
  progress: (mean) => formatPercent(Math.floor(mean * 100) / 100),
  step: (mean) => formatInteger(Math.round(mean)),
  duration: formatDuration,
  attempt: (mean) => formatMetric(mean, 3),
};

/** What the group's runs have in a column on average, and how far that is from the baseline. */
function Mean({ group, id, base }: { group: RunGroup; id: ColumnId; base: Job | null }) {
  const mean = meanOf(group, id);
  if (mean === null) return null;
  const text = meanTexts[id]?.(mean) ?? valueLabel(columnTitle(id), mean);
  return (
    <span className="flex min-w-0 items-baseline gap-2">
      <span title={`mean ${text}`} className="nums truncate font-mono text-xs text-muted">
        <span aria-hidden>ø </span>
        <span className="sr-only">mean </span>
        {text}
      </span>
      {isValueField(id) ? <Against field={id} value={mean} base={base} /> : null}
    </span>
  );
}
