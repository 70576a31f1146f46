"use client";

import { Plus } from "lucide-react";
import { memo, useState } from "react";
import { AllPanelsMenu } from "@/components/charts/toolbar/all-panels-menu";
import { PanelSearch } from "@/components/charts/toolbar/panel-search";
import { SwitchRow } from "@/components/charts/toolbar/panel-settings-form";
import { ResetZoom } from "@/components/charts/toolbar/reset-zoom";
import { SettingsBar } from "@/components/charts/toolbar/settings-bar";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/inputs/select";
import type { PanelGrouping } from "@/lib/charts/panels/group-panels";
import { formatInteger } from "@/lib/format/number";
import { CustomPanelDialog } from "./custom-panel-dialog";
import type { ChartView } from "./use-chart-params";

interface ChartsToolbarProps {
  view: ChartView;
  shown: number;
  total: number;
  /** Every series of the run. */
  names: readonly string[];
}

/** Panel search, smoothing, scale and zoom reset. */
export const ChartsToolbar = memo(function ChartsToolbar({
  view,
  shown,
  total,
  names,
}: ChartsToolbarProps) {
  const { query, setQuery, zoom, setZoom, settings, setSettings } = view;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <PanelSearch query={query} onChange={setQuery} />
      <p className="nums text-xs text-faint" aria-live="polite">
        {query ? `${formatInteger(shown)} of ${formatInteger(total)}` : formatInteger(total)} panels
      </p>
      {zoom ? <ResetZoom zoom={zoom} onBack={() => setZoom(null)} /> : null}
      <div className="flex flex-1 flex-wrap items-center justify-end gap-x-4 gap-y-2 max-sm:basis-full max-sm:justify-between">
        <SettingsBar settings={settings} onChange={setSettings} />
        <NewPanel view={view} names={names} />
        <AllPanels view={view} />
      </div>
    </div>
  );
});

/** Opens the form for a panel of several series. */
function NewPanel({ view, names }: { view: ChartView; names: readonly string[] }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="sm" onClick={() => setOpen(true)}>
        <Plus aria-hidden /> New panel…
      </Button>
      <CustomPanelDialog open={open} onOpenChange={setOpen} view={view} names={names} />
    </>
  );
}

const groupings: { value: PanelGrouping; label: string }[] = [
  { value: "prefix", label: "First part of name" },
  { value: "name", label: "Last part of name" },
  { value: "none", label: "None" },
];

/** Settings shared by all panels without settings of their own. */
function AllPanels({ view }: { view: ChartView }) {
  const changed = Object.keys(view.own).length;
  return (
    <AllPanelsMenu settings={view.settings} onChange={view.setSettings}>
      <div className="mt-3 flex flex-col gap-3 border-t border-line pt-3 text-sm">
        <div className="grid grid-cols-[5.5rem_1fr] items-center gap-2">
          <span className="text-muted">Group by</span>
          <Select
            label="Group panels by"
            value={view.grouping}
            options={groupings}
            onValueChange={view.setGrouping}
          />
        </div>
        <SwitchRow
          label="Sync zoom and crosshair"
          checked={view.shared}
          onChange={view.setShared}
        />
        {changed > 0 ? (
          <Button size="sm" onClick={view.clearOwn}>
            Reset {formatInteger(changed)} {changed === 1 ? "panel" : "panels"} to shared settings
          </Button>
        ) : null}
      </div>
    </AllPanelsMenu>
  );
}
