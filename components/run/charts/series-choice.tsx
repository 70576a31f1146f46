"use client";

import { useDeferredValue, useState } from "react";
import { Checkbox } from "@/components/ui/inputs/checkbox";
import { Input } from "@/components/ui/inputs/input";
import { panelMatcher } from "@/lib/charts/panels/group-panels";
import { formatInteger } from "@/lib/format/number";
import { visibleText } from "@/lib/format/visible-text";

/** The most names listed at once; a search finds the others. */
const listedNames = 200;

interface SeriesChoiceProps {
  names: readonly string[];
  chosen: string[];
  full: boolean;
  onChange: (names: string[]) => void;
}

/** A searchable list of series with checkboxes. */
export function SeriesChoice({ names, chosen, full, onChange }: SeriesChoiceProps) {
  const [query, setQuery] = useState("");
  const matches = panelMatcher(useDeferredValue(query));
  const all = [...new Set([...chosen, ...names])];
  const found = all.filter(matches);
  return (
    <fieldset className="flex min-w-0 flex-col gap-1.5">
      <legend className="mb-1.5 text-sm font-medium text-ink">Series</legend>
      <Input
        type="search"
        aria-label="Search series"
        placeholder="Search series, or regex"
        value={query}
        onValueChange={setQuery}
        onKeyDown={(event) => {
          // Enter in the search must not submit the form.
          if (event.key === "Enter") event.preventDefault();
        }}
      />
      <ul
        aria-label="Series found"
        className="flex h-48 flex-col overflow-y-auto rounded-md border border-line p-1"
      >
        {found.slice(0, listedNames).map((name) => {
          const on = chosen.includes(name);
          return (
            <li key={name} className="shrink-0">
              {/* biome-ignore lint/a11y/noLabelWithoutControl: the box inside is its control. */}
              <label className="flex h-7 items-center gap-2 rounded-sm px-2 text-sm hover:bg-hover">
                <Checkbox
                  checked={on}
                  disabled={!on && full}
                  aria-label={name}
                  onCheckedChange={(next) =>
                    onChange(next ? [...chosen, name] : chosen.filter((each) => each !== name))
                  }
                />
                <span className="min-w-0 truncate font-mono text-xs">{visibleText(name)}</span>
              </label>
            </li>
          );
        })}
        {found.length === 0 ? (
          <li className="px-2 py-1 text-xs text-muted">No results</li>
        ) : found.length > listedNames ? (
          <li className="px-2 py-1 text-xs text-muted">
            {formatInteger(found.length - listedNames)} more. Search to narrow the list.
          </li>
        ) : null}
      </ul>
    </fieldset>
  );
}
