"use client";

import type { PredictionTrend } from "@signalbox/protocol/data/prediction";
import {
  isPredictionSort,
  needsComparison,
  type PredictionSort,
} from "@signalbox/protocol/data/prediction-query";
import type { MeasureField } from "@signalbox/protocol/data/score";
import { Pilcrow } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { IconButton } from "@/components/ui/icon-button";
import { SearchInput } from "@/components/ui/inputs/search-input";
import { Select } from "@/components/ui/inputs/select";
import type { PredictionsRequest } from "@/lib/api/predictions";
import {
  type Comparing,
  comparableMeasures,
  type EpochMeasures,
} from "@/lib/predictions/scores/epoch-measures";
import { describeSort, sortChoices, sortField } from "@/lib/predictions/scores/sort-words";
import type { EpochParams } from "../use-epoch-params";
import { allColumns, columnField, type TableColumn } from "./column-ids";
import { ColumnsMenu } from "./columns-menu";
import { CompareByMenu } from "./compare-by-menu";
import { ScoreFilter } from "./score-filter";

type Filter = NonNullable<PredictionsRequest["filter"]>;

const filterLabels: Record<Filter, string> = {
  right: "Correct",
  wrong: "Incorrect",
  changed: "Changed",
  improved: "Improved",
  regressed: "Regressed",
  passed: "Validation passed",
  failed: "Validation failed",
};

interface TableToolbarProps {
  epochs: EpochParams;
  measures: EpochMeasures;
  comparing: Comparing;
  compared: boolean;
  /** The figures of the selected epoch. */
  trend: PredictionTrend | undefined;
  columns: { shown: readonly TableColumn[]; defaults: readonly TableColumn[] };
  children: ReactNode;
}

/** Search, filters, sort order and columns of the table. */
export function TableToolbar(props: TableToolbarProps) {
  const { epochs, measures, comparing, compared, trend, columns, children } = props;
  const { params, set } = epochs;
  const small = "h-7 w-auto max-w-48 text-xs pointer-coarse:h-9";
  return (
    <div className="flex flex-wrap items-center gap-1.5 border-b border-line p-1.5">
      <SearchInput
        small
        label="Search prompts, ground truths and predictions"
        placeholder="Search"
        value={params.q}
        onChange={epochs.setSearch}
        className="flex-1 basis-36 sm:max-w-64"
      />
      <Select
        label="Show"
        className={cn(small, params.filter && "border-accent-ink/50 bg-accent-soft")}
        value={params.filter ?? "all"}
        onValueChange={(value) => void set({ filter: isFilter(value) ? value : null })}
        options={[
          { value: "all", label: "All" },
          ...filterChoices(measures, compared, params.filter).map((value) => ({
            value,
            label: filterLabels[value],
          })),
        ]}
      />
      <ScoreFilter
        scores={measures.scores}
        trend={trend}
        where={params.where}
        onChange={(where) => void set({ where })}
      />
      <SortSelect
        className={small}
        sort={params.sort}
        fields={sortableFields(columns.shown, comparing)}
        texts={measures.scores.flatMap(({ name, kind }) => (kind === "text" ? [name] : []))}
        compared={compared}
        onSort={(sort) => void set({ sort })}
      />
      <CompareByMenu epochs={epochs} comparing={comparing} fields={comparableMeasures(measures)} />
      <div className="ml-auto flex items-center">
        <IconButton
          label="Show whitespace and invisible characters"
          size="sm"
          aria-pressed={params.reveal}
          className={cn(params.reveal && "bg-accent-soft text-accent-ink")}
          onClick={() => void set({ reveal: !params.reveal || null })}
        >
          <Pilcrow />
        </IconButton>
        <ColumnsMenu
          {...columns}
          all={allColumns(measures)}
          onColumns={(cols) => void set({ cols })}
        />
        {children}
      </div>
    </div>
  );
}

/** The filters that can match something; the chosen one always. */
function filterChoices(
  { scored, validated }: EpochMeasures,
  compared: boolean,
  chosen: Filter | null,
): Filter[] {
  const usable: Record<Filter, boolean> = {
    right: scored,
    wrong: scored,
    changed: compared,
    improved: compared,
    regressed: compared,
    passed: validated,
    failed: validated,
  };
  return Object.keys(usable).filter(
    (filter): filter is Filter => isFilter(filter) && (usable[filter] || filter === chosen),
  );
}

function isFilter(value: string): value is Filter {
  return value in filterLabels;
}

/** The measures to sort by: those in sight. */
function sortableFields(shown: readonly TableColumn[], { by }: Comparing): MeasureField[] {
  return [...new Set([by, ...shown.flatMap((id) => columnField(id) ?? [])])];
}

interface SortSelectProps {
  className: string;
  sort: PredictionSort;
  fields: readonly MeasureField[];
  /** The names of the scores that are texts. */
  texts: readonly string[];
  compared: boolean;
  onSort: (sort: PredictionSort | null) => void;
}

function SortSelect({ className, sort, fields, texts, compared, onSort }: SortSelectProps) {
  const choices = sortChoices(fields, compared || needsComparison(sort));
  const all = choices.includes(sort) ? choices : [...choices, sort];
  return (
    <Select
      label="Sort"
      className={className}
      value={sort}
      onValueChange={(value) => onSort(isPredictionSort(value) ? value : null)}
      options={all.map((value) => ({
        value,
        label: describeSort(
          value,
          texts.some((name) => sortField(value) === `scores.${name}`),
        ),
      }))}
    />
  );
}
