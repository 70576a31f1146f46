"use client";

import { useMemo } from "react";
import { cn } from "@/components/ui/cn";
import { EmptyState } from "@/components/ui/feedback/empty-state";
import { Input } from "@/components/ui/inputs/input";
import { Switch } from "@/components/ui/inputs/switch";
import { differences, shownDifferences } from "@/lib/compare/differences";
import { valueLabel } from "@/lib/compare/run-value";
import type { CompareParams } from "../use-compare-params";
import type { ComparedRun } from "../use-compared-runs";
import { RunsTableHead } from "./runs-table-head";
import { SaveTable } from "./save-table";

interface DifferencesSectionProps {
  runs: readonly ComparedRun[];
  params: CompareParams;
}

/** Config, tags, model and dataset of the runs, side by side. */
export function DifferencesSection({ runs, params: { params, set } }: DifferencesSectionProps) {
  const rows = useMemo(() => differences(runs.map(({ job }) => job)), [runs]);
  const shown = shownDifferences(rows, { query: params.q, all: params.all });
  const differing = rows.filter((row) => row.differs).length;
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <Input
          type="search"
          aria-label="Search differences"
          placeholder="Search keys and values"
          value={params.q}
          onValueChange={(q) => void set({ q: q || null })}
          className="w-full sm:w-60"
        />
        <p className="nums flex-1 text-xs text-faint" aria-live="polite">
          {differing} of {rows.length} differ
        </p>
        {/* biome-ignore lint/a11y/noLabelWithoutControl: the switch inside is its control. */}
        <label className="flex items-center gap-2 text-xs text-muted">
          Show identical values
          <Switch checked={params.all} onCheckedChange={(all) => void set({ all: all || null })} />
        </label>
        <SaveTable
          name="differences"
          rows={() => [
            ["key", ...runs.map(({ job }) => job.name)],
            ...shown.map(({ path, values }) => [
              path,
              ...runs.map((_, index) => wholeText(path, values[index])),
            ]),
          ]}
        />
      </div>
      {shown.length === 0 ? (
        <EmptyState title={params.q ? "No results" : "No differences"}>
          {params.q
            ? "No key or value contains all of these words."
            : "These runs have the same config, tags, model and dataset."}
        </EmptyState>
      ) : (
        <div className="overflow-x-auto rounded-lg border border-line bg-surface">
          <table aria-label="Differences" className="w-full text-sm">
            <RunsTableHead runs={runs} first="Key" />
            <tbody>
              {shown.map((row) => (
                <tr key={row.path} className="border-t border-line hover:bg-hover">
                  <th
                    scope="row"
                    className="sticky left-0 max-w-60 truncate bg-surface px-3 py-1.5 text-left font-mono text-xs font-normal text-muted"
                    title={row.path}
                  >
                    {row.path}
                  </th>
                  {runs.map(({ job }, index) => {
                    const value = row.values[index];
                    const text = cellText(row.path, value);
                    return (
                      <td
                        key={job.id}
                        title={text}
                        className={cn(
                          "nums max-w-60 truncate px-3 py-1.5 font-mono text-xs",
                          value === undefined && "text-faint",
                        )}
                      >
                        {text}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}

/** A value for the CSV: numbers unrounded, empty if the run has none. */
function wholeText(path: string, value: unknown): string | number {
  if (value === undefined || value === null) return "";
  if (typeof value === "number" || typeof value === "string") return value;
  return path === "tags" ? cellText(path, value) : JSON.stringify(value);
}

function cellText(path: string, value: unknown): string {
  if (path === "tags" && Array.isArray(value)) return value.join(", ");
  return valueLabel(path, value);
}
