"use client";

import type { Facets } from "@signalbox/protocol/data/compare";
import type { Job } from "@signalbox/protocol/job/job";
import { jobKinds, jobStatuses } from "@signalbox/protocol/job/job";
import { ArrowDownUp, Plus, X } from "lucide-react";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { SearchInput } from "@/components/ui/inputs/search-input";
import { FilterMenu } from "@/components/ui/overlays/filter-menu";
import { Menu, MenuGroup, MenuRadioGroup } from "@/components/ui/overlays/menu";
import { LiveIndicator, type ShownConnection } from "@/components/ui/status/live-indicator";
import { StatePill } from "@/components/ui/status/state-pill";
import { stateRoles } from "@/components/ui/status/state-roles";
import { Tag } from "@/components/ui/tag";
import { formatInteger } from "@/lib/format/number";
import { jobKindInfo } from "@/lib/jobs/job-kinds";
import type { RunsParams } from "../data/use-runs-params";
import type { SortKey } from "../table/column-ids";
import { ColumnsMenu } from "./columns-menu";
import { ConditionMenu } from "./condition-menu";
import { GroupMenu } from "./group-menu";
import { SavedViews } from "./saved-views";

const sortOptions: readonly { value: SortKey; label: string }[] = [
  { value: "-created", label: "Newest" },
  { value: "-started", label: "Recently started" },
  { value: "-updated", label: "Recently updated" },
  { value: "name", label: "Name" },
  { value: "status", label: "State" },
  { value: "-progress", label: "Most progress" },
  { value: "created", label: "Oldest" },
];

interface RunsToolbarProps {
  total: number | null;
  runs: RunsParams;
  facets: Facets;
  baseline: Job | null;
  connection: ShownConnection;
  onNew: () => void;
}

/** Title, search, filters, sort order, columns and the button for a new run. */
export function RunsToolbar({
  total,
  runs,
  facets,
  baseline,
  connection,
  onNew,
}: RunsToolbarProps) {
  const { params, setParams, setSearch, clearFilters, filtered } = runs;
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-2 border-b border-line px-3 py-2 sm:px-4">
      <h1 className="flex items-baseline gap-1.5 text-base font-semibold tracking-tight">
        {params.archived ? "Archived runs" : "Runs"}
        <span className="nums text-sm font-normal text-faint" aria-live="polite">
          {total === null ? "" : formatInteger(total)}
        </span>
      </h1>
      <div className="order-3 flex w-full min-w-0 items-center gap-1.5 sm:order-none sm:ml-2 sm:w-auto sm:flex-1">
        <SearchInput
          small
          label="Search runs by name, ID, tag or model"
          placeholder="Search runs"
          value={params.q}
          onChange={setSearch}
          className="shrink-0 grow basis-34 sm:grow-0 sm:basis-60"
        />
        <div className="scrollbar-none -m-1 flex min-w-0 items-center gap-1.5 overflow-x-auto p-1">
          <FilterMenu
            label="State"
            value={params.state}
            onValueChange={(state) => setParams({ state: state.length > 0 ? state : null })}
            options={jobStatuses.map((status) => ({
              value: status,
              label: stateRoles[status].label,
              display: <StatePill status={status} />,
            }))}
          />
          <FilterMenu
            label="Kind"
            value={params.kind}
            onValueChange={(kind) => setParams({ kind: kind.length > 0 ? kind : null })}
            options={jobKinds.map((kind) => ({ value: kind, label: jobKindInfo[kind].label }))}
          />
          <FilterMenu
            label="Tag"
            searchable
            value={params.tag}
            onValueChange={(tag) => setParams({ tag: tag.length > 0 ? tag : null })}
            options={tagOptions(facets, params.tag)}
            empty="No tags yet."
          />
          <ConditionMenu
            facets={facets}
            value={params.where}
            onChange={(where) => void setParams({ where: where.length > 0 ? where : null })}
          />
          <GroupMenu
            facets={facets}
            value={params.group}
            onChange={(group) => void setParams({ group, folded: null })}
          />
          {baseline ? (
            <Tag
              className="max-w-56"
              removeLabel={`Clear baseline ${baseline.name}`}
              onRemove={() => void setParams({ base: null })}
            >
              Baseline: {baseline.name}
            </Tag>
          ) : null}
          {filtered ? (
            <Button variant="ghost" size="sm" onClick={clearFilters}>
              <X aria-hidden />
              Clear
            </Button>
          ) : null}
        </div>
      </div>
      <div className="ml-auto flex items-center gap-1.5">
        <LiveIndicator connection={connection} />
        <Menu
          align="end"
          trigger={
            <IconButton label="Sort" size="sm">
              <ArrowDownUp />
            </IconButton>
          }
        >
          <MenuGroup label="Sort by">
            <MenuRadioGroup
              value={params.sort}
              onValueChange={(sort) => setParams({ sort })}
              options={
                sortOptions.some(({ value }) => value === params.sort)
                  ? sortOptions
                  : [...sortOptions, { value: params.sort, label: params.sort.replace(/^-/, "") }]
              }
            />
          </MenuGroup>
        </Menu>
        <SavedViews page="runs" />
        <ColumnsMenu facets={facets} runs={runs} />
        <Button variant="primary" size="sm" onClick={onNew} aria-keyshortcuts="n">
          <Plus aria-hidden />
          New run
        </Button>
      </div>
    </div>
  );
}

/** All tags in use, and selected ones that are no longer in use. */
function tagOptions({ tags }: Facets, chosen: readonly string[]) {
  const gone = chosen.filter((tag) => !tags.some(({ name }) => name === tag));
  return [
    ...tags.map(({ name, count }) => ({ value: name, label: name, count })),
    ...gone.map((tag) => ({ value: tag, label: tag })),
  ];
}
