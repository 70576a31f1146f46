"use client";

import { ChevronRight } from "lucide-react";
import { memo, useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import type { PanelSpec } from "@/lib/charts/panels/custom-panels";
import type { PanelGroup as Group } from "@/lib/charts/panels/group-panels";
import { formatInteger } from "@/lib/format/number";
import { visibleText } from "@/lib/format/visible-text";
import { SeriesPanel, type SeriesPanelProps } from "./series-panel";

type Shared = Omit<SeriesPanelProps, "name" | "group" | "spec">;

interface PanelGroupProps extends Shared {
  group: Group;
  /** All custom panels; a group lists them by key. */
  specs: readonly PanelSpec[];
  open: boolean;
  onToggle: (prefix: string) => void;
}

/** Panels rendered before "Show more": a run may have thousands of series. */
const pageSize = 48;

/** A collapsible group of panels. */
export const PanelGroup = memo(function PanelGroup({
  group,
  open,
  onToggle,
  specs,
  ...shared
}: PanelGroupProps) {
  const [pages, setPages] = useState(1);
  const id = useId();
  const shown = group.names.slice(0, pages * pageSize);
  const rest = group.names.length - shown.length;
  return (
    <section aria-labelledby={`${id}-heading`}>
      <h2 id={`${id}-heading`}>
        <button
          type="button"
          aria-expanded={open}
          aria-controls={`${id}-panels`}
          onClick={() => onToggle(group.prefix)}
          className="flex h-8 items-center gap-1 rounded-md pr-2 text-sm font-medium text-ink hover:bg-hover"
        >
          <ChevronRight
            aria-hidden
            className={cn("size-4 text-faint transition-transform", open && "rotate-90")}
          />
          {visibleText(group.prefix)}
          <span className="nums pl-1 text-xs font-normal text-faint">
            {formatInteger(group.names.length)}
          </span>
        </button>
      </h2>
      <div id={`${id}-panels`} hidden={!open}>
        {open ? (
          <div className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,20rem),1fr))] gap-3 pt-1 pb-3">
            {shown.map((name) => (
              <SeriesPanel
                key={name}
                name={name}
                spec={specs.find(({ key }) => key === name) ?? null}
                group={group}
                {...shared}
              />
            ))}
          </div>
        ) : null}
        {open && rest > 0 ? (
          <Button size="sm" className="mb-3" onClick={() => setPages(pages + 1)}>
            Show {formatInteger(Math.min(pageSize, rest))} more of {formatInteger(rest)}
          </Button>
        ) : null}
      </div>
    </section>
  );
});
