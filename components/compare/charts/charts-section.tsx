"use client";

import { memo, useState } from "react";
import type { Highlight } from "@/components/charts/panel/highlight";
import { AllPanelsMenu } from "@/components/charts/toolbar/all-panels-menu";
import { PanelSearch } from "@/components/charts/toolbar/panel-search";
import { ResetZoom } from "@/components/charts/toolbar/reset-zoom";
import { SettingsBar } from "@/components/charts/toolbar/settings-bar";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/feedback/empty-state";
import type { LineGroup } from "@/lib/charts/kinds/line/group-lines";
import { groupPanels } from "@/lib/charts/panels/group-panels";
import { formatInteger } from "@/lib/format/number";
import { visibleText } from "@/lib/format/visible-text";
import { type RunLine, useCompareLines } from "@/lib/hooks/charts/use-compare-lines";
import { useHotkeys } from "@/lib/hooks/page/use-hotkeys";
import type { RunsStore } from "@/lib/stream/store/runs-store";
import type { CompareParams } from "../use-compare-params";
import { ComparePanel, type ComparePanelProps, type DrawnLine } from "./compare-panel";

interface ChartsSectionProps {
  runs: readonly RunLine[];
  lines: readonly DrawnLine[];
  groups: readonly LineGroup[] | null;
  names: readonly string[];
  params: CompareParams;
  stream: RunsStore;
  highlight: Highlight;
}

/** One panel for each series, with a line for each run or group. */
export const ChartsSection = memo(function ChartsSection(props: ChartsSectionProps) {
  const { runs, lines, groups, names, stream, highlight } = props;
  const { params, set, zoom, setZoom, settings, setSettings } = props.params;
  const compared = useCompareLines({ runs, groups, zoom, settings, stream });
  useHotkeys({ Escape: () => setZoom(null) }, params.full === null);
  const panels = groupPanels(names, { query: params.panels });
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <PanelSearch
          query={params.panels}
          onChange={(query) => void set({ panels: query || null })}
        />
        {zoom ? <ResetZoom zoom={zoom} onBack={() => setZoom(null)} /> : null}
        <div className="flex flex-1 flex-wrap items-center justify-end gap-x-4 gap-y-2">
          <SettingsBar settings={settings} onChange={setSettings} />
          <AllPanelsMenu settings={settings} onChange={setSettings} />
        </div>
      </div>
      {panels.length === 0 ? (
        <EmptyState title={params.panels ? "No panels match" : "No values yet"}>
          {params.panels
            ? "None of these runs has a series with that name."
            : "Panels appear as soon as the runs log metrics."}
        </EmptyState>
      ) : null}
      {panels.map((group) => (
        <Group
          key={group.prefix}
          prefix={group.prefix}
          names={group.names}
          lines={lines}
          compared={compared}
          params={props.params}
          highlight={highlight}
        />
      ))}
    </div>
  );
});

interface GroupProps extends Omit<ComparePanelProps, "name"> {
  prefix: string;
  names: readonly string[];
}

/** Panels rendered before "Show more". */
const pageSize = 48;

function Group({ prefix, names, ...rest }: GroupProps) {
  const [pages, setPages] = useState(1);
  const left = Math.max(0, names.length - pages * pageSize);
  return (
    <section aria-label={visibleText(prefix)}>
      <h2 className="flex h-7 items-center gap-1.5 text-sm font-medium">
        {visibleText(prefix)}
        <span className="nums text-xs font-normal text-faint">{formatInteger(names.length)}</span>
      </h2>
      <div className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,22rem),1fr))] gap-3">
        {names.slice(0, pages * pageSize).map((name) => (
          <ComparePanel key={name} name={name} {...rest} />
        ))}
      </div>
      {left > 0 ? (
        <Button size="sm" className="mt-3" onClick={() => setPages(pages + 1)}>
          Show {formatInteger(Math.min(pageSize, left))} more of {formatInteger(left)}
        </Button>
      ) : null}
    </section>
  );
}
