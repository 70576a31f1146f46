"use client";

import { ownValue } from "@signalbox/protocol/wire/json";
import { fromWireNumber } from "@signalbox/protocol/wire/wire-number";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { EmptyState } from "@/components/ui/feedback/empty-state";
import { SeriesLeftOut } from "@/components/ui/feedback/series-left-out";
import { Select } from "@/components/ui/inputs/select";
import { compareKeys, getRunsSeries } from "@/lib/api/compare";
import { groupPanels } from "@/lib/charts/panels/group-panels";
import { betterDirection, numberOf } from "@/lib/compare/run-value";
import type { CompareParams } from "../use-compare-params";
import type { ComparedRun } from "../use-compared-runs";
import { RunsTableHead } from "./runs-table-head";
import { SaveTable } from "./save-table";
import { ValuesRow } from "./values-row";

interface ValuesSectionProps {
  runs: readonly ComparedRun[];
  names: readonly string[];
  params: CompareParams;
}

const none = "";

/** The last and best value of each series and run, with the change against a baseline. */
export function ValuesSection({ runs, names, params: { params, set } }: ValuesSectionProps) {
  const jobs = runs.map(({ job }) => job);
  const ids = jobs.map(({ id }) => id);
  const baseline = jobs.find(({ id }) => id === params.base);
  const query = { runs: ids, buckets: 1 };
  const { data } = useQuery({
    queryKey: compareKeys.series({ ...query, best: true }),
    queryFn: ({ signal }) => getRunsSeries(query, signal),
    enabled: ids.length > 0,
    staleTime: 10_000,
  });
  const best = useMemo(() => {
    const found = new Map<string, number>();
    for (const run of data?.runs ?? []) {
      for (const { name, buckets } of run.series) {
        const end = betterDirection(name);
        const ends = buckets.flatMap((b) => numberOf(end === "lower" ? b.min : b.max) ?? []);
        const value = end === "lower" ? Math.min(...ends) : Math.max(...ends);
        if (end !== null && ends.length > 0) found.set(`${run.job_id}/${name}`, value);
      }
    }
    return found;
  }, [data]);
  const ordered = groupPanels(names).flatMap((group) => group.names);
  if (ordered.length === 0) {
    return (
      <EmptyState title="No values yet">Values appear as soon as the runs log metrics.</EmptyState>
    );
  }
  return (
    <div className="flex flex-col gap-3">
      {jobs.map((job) => (
        <SeriesLeftOut key={job.id} job={job} listed={Object.keys(job.latest).length} named />
      ))}
      <div className="flex items-center gap-2 text-xs text-muted">
        <span aria-hidden>Baseline</span>
        <Select
          label="Baseline"
          className="h-7 w-56 text-xs"
          value={params.base ?? none}
          onValueChange={(next) => void set({ base: next === none ? null : next })}
          options={[
            { value: none, label: "None" },
            ...runs.map(({ job }) => ({ value: job.id, label: job.name })),
          ]}
        />
        <span className="flex-1" />
        <SaveTable
          name="values"
          rows={() => [
            ["series", ...runs.flatMap(({ job }) => [`${job.name} last`, `${job.name} best`])],
            ...ordered.map((name) => [
              name,
              ...runs.flatMap(({ job }) => {
                const last = ownValue(job.latest, name);
                const lastValue = last === undefined ? null : fromWireNumber(last);
                return [lastValue, best.get(`${job.id}/${name}`) ?? null];
              }),
            ]),
          ]}
        />
      </div>
      <div className="overflow-x-auto rounded-lg border border-line bg-surface">
        <table aria-label="Values" className="w-full text-sm">
          <RunsTableHead runs={runs} first="Series · last (best)" />
          <tbody>
            {ordered.map((name) => (
              <ValuesRow
                key={name}
                name={name}
                jobs={jobs}
                baseline={baseline}
                bestOf={(job) => best.get(`${job.id}/${name}`)}
              />
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
