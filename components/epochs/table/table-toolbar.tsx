"use client";

import { Columns3, Pilcrow } from "lucide-react";
import { cn } from "@/components/ui/cn";
import { IconButton } from "@/components/ui/icon-button";
import { SearchInput } from "@/components/ui/inputs/search-input";
import { Select } from "@/components/ui/inputs/select";
import { Menu, MenuCheckboxItem, MenuGroup, MenuItem } from "@/components/ui/overlays/menu";
import type { PredictionsRequest } from "@/lib/api/predictions";
import type { EpochParams } from "../use-epoch-params";
import { columnNames, type PredictionSort, type TableColumn, tableColumns } from "./column-ids";

export type Filter = NonNullable<PredictionsRequest["filter"]>;

const filterLabels: Record<Filter, string> = {
  right: "Correct",
  wrong: "Incorrect",
  changed: "Changed",
  improved: "Improved",
  regressed: "Regressed",
  passed: "Validation passed",
  failed: "Validation failed",
};

const sortLabels: Record<PredictionSort, string> = {
  index: "Sample order",
  "-index": "Reverse sample order",
  worst: "Worst first",
  best: "Best first",
  improved: "Most improved",
  regressed: "Most regressed",
};
const comparing: readonly string[] = ["changed", "improved", "regressed"];

interface TableToolbarProps {
  epochs: EpochParams;
  compared: boolean;
  validated: boolean;
  shown: readonly TableColumn[];
  defaults: readonly TableColumn[];
  children: React.ReactNode;
}

/** Search, filter, sort order and columns of the table. */
export function TableToolbar(props: TableToolbarProps) {
  const { epochs, compared, validated, shown, defaults, children } = props;
  const { params, set } = epochs;
  const filters = Object.entries(filterLabels).filter(
    ([id]) =>
      id === params.filter ||
      ((compared || !comparing.includes(id)) &&
        (validated || (id !== "passed" && id !== "failed"))),
  );
  const sorts = Object.entries(sortLabels).filter(
    ([id]) => id === params.sort || compared || !comparing.includes(id),
  );
  const small = "h-7 w-auto text-xs pointer-coarse:h-9";
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
          ...filters.map(([value, label]) => ({ value, label })),
        ]}
      />
      <Select
        label="Sort"
        className={small}
        value={params.sort}
        onValueChange={(value) => void set({ sort: isSort(value) ? value : null })}
        options={sorts.map(([value, label]) => ({ value, label }))}
      />
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
          shown={shown}
          defaults={defaults}
          onColumns={(cols) => void set({ cols: cols === null ? null : [...cols] })}
        />
        {children}
      </div>
    </div>
  );
}

function isFilter(value: string): value is Filter {
  return value in filterLabels;
}

function isSort(value: string): value is PredictionSort {
  return value in sortLabels;
}

interface ColumnsMenuProps {
  shown: readonly TableColumn[];
  defaults: readonly TableColumn[];
  onColumns: (columns: readonly TableColumn[] | null) => void;
}

function ColumnsMenu({ shown, defaults, onColumns }: ColumnsMenuProps) {
  const toggle = (id: TableColumn, on: boolean) => {
    const next = tableColumns.filter((each) => (each === id ? on : shown.includes(each)));
    onColumns(next.join() === defaults.join() ? null : next);
  };
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label="Columns" size="sm">
          <Columns3 />
        </IconButton>
      }
    >
      <MenuGroup label="Columns">
        {tableColumns.map((id) => (
          <MenuCheckboxItem
            key={id}
            checked={shown.includes(id)}
            onCheckedChange={(on) => toggle(id, on)}
          >
            {columnNames[id]}
          </MenuCheckboxItem>
        ))}
      </MenuGroup>
      {shown.join() === defaults.join() ? null : (
        <MenuItem onClick={() => onColumns(null)}>Reset columns</MenuItem>
      )}
    </Menu>
  );
}
