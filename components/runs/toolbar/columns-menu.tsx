"use client";

import type { Facets } from "@signalbox/protocol/data/compare";
import { ArrowDown, ArrowUp, Columns3 } from "lucide-react";
import { useState } from "react";
import { moveColumn } from "@/components/table/column";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { Checkbox } from "@/components/ui/inputs/checkbox";
import { Input } from "@/components/ui/inputs/input";
import { Switch } from "@/components/ui/inputs/switch";
import { Popover } from "@/components/ui/overlays/popover";
import type { RunsParams } from "../data/use-runs-params";
import { type ColumnId, columnIds, columnTitle, defaultColumns } from "../table/column-ids";

interface ColumnsMenuProps {
  facets: Facets;
  runs: RunsParams;
}

/** Chooses the columns, their order, and whether archived runs are shown. */
export function ColumnsMenu({ facets, runs }: ColumnsMenuProps) {
  const { params, setParams, setColumns: set } = runs;
  const [text, setText] = useState("");
  const shown: readonly ColumnId[] = params.cols ?? defaultColumns;
  const move = (index: number, by: 1 | -1) => set(moveColumn(shown, index, index + by));
  const all: ColumnId[] = [
    ...columnIds,
    ...facets.config.map(({ name }): ColumnId => `config.${name}`),
    ...facets.latest.map(({ name }): ColumnId => `latest.${name}`),
  ];
  const matching = all.filter(
    (id) =>
      !shown.includes(id) && `${id} ${columnTitle(id)}`.toLowerCase().includes(text.toLowerCase()),
  );
  return (
    <Popover
      title="Columns"
      titleHidden
      align="end"
      className="w-80"
      trigger={
        <IconButton label="Columns and archive" size="sm">
          <Columns3 />
        </IconButton>
      }
    >
      <div className="flex flex-col gap-2">
        <Input
          type="search"
          aria-label="Search columns"
          placeholder="Search columns, config keys, series"
          value={text}
          onValueChange={setText}
        />
        <div className="-mx-1 max-h-96 overflow-y-auto px-1">
          <ul aria-label="Columns shown">
            {shown.map((id, index) => (
              <li key={id} className="flex h-8 items-center gap-2 text-sm">
                <Column id={id} on onChange={() => set(shown.filter((each) => each !== id))} />
                <IconButton
                  label={`Move ${columnTitle(id)} left`}
                  size="sm"
                  disabled={index === 0}
                  onClick={() => move(index, -1)}
                >
                  <ArrowUp />
                </IconButton>
                <IconButton
                  label={`Move ${columnTitle(id)} right`}
                  size="sm"
                  disabled={index === shown.length - 1}
                  onClick={() => move(index, 1)}
                >
                  <ArrowDown />
                </IconButton>
              </li>
            ))}
          </ul>
          {matching.length > 0 ? <hr className="my-1 border-line" /> : null}
          <ul aria-label="More columns">
            {matching.slice(0, 200).map((id) => (
              <li key={id} className="flex h-8 items-center gap-2 text-sm">
                <Column id={id} on={false} onChange={() => set([...shown, id])} />
              </li>
            ))}
          </ul>
        </div>
        {params.cols ? (
          <Button size="sm" onClick={() => void setParams({ cols: null })}>
            Reset columns
          </Button>
        ) : null}
        {/* biome-ignore lint/a11y/noLabelWithoutControl: the switch inside is its control. */}
        <label className="flex items-center justify-between border-t border-line pt-2 text-sm">
          Show archived runs
          <Switch
            checked={params.archived}
            onCheckedChange={(archived) => void setParams({ archived: archived || null })}
          />
        </label>
      </div>
    </Popover>
  );
}

function Column({ id, on, onChange }: { id: ColumnId; on: boolean; onChange: () => void }) {
  const source = /^(config|latest)\./.exec(id)?.[1];
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the box inside is its control.
    <label className="flex min-w-0 flex-1 items-center gap-2">
      <Checkbox checked={on} aria-label={columnTitle(id)} onCheckedChange={onChange} />
      <span className="min-w-0 flex-1 truncate">{columnTitle(id)}</span>
      {source ? <span className="text-xs text-faint">{source}</span> : null}
    </label>
  );
}
