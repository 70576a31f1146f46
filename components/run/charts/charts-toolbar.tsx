"use client";

import { Search, SlidersHorizontal, X, ZoomOut } from "lucide-react";
import { memo, useRef } from "react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Kbd } from "@/components/ui/kbd";
import { Popover } from "@/components/ui/popover";
import { Select } from "@/components/ui/select";
import { Slider } from "@/components/ui/slider";
import { Switch } from "@/components/ui/switch";
import { formatPlace } from "@/lib/charts/axis-ticks";
import { type ChartZoom, maxAmount } from "@/lib/charts/chart-settings";
import type { PanelGrouping } from "@/lib/charts/panels";
import { formatInteger } from "@/lib/format/number";
import { useHotkeys } from "@/lib/hooks/use-hotkeys";
import { axisOptions, PanelSettingsForm, SwitchRow } from "./panel-settings-form";
import type { ChartView } from "./use-chart-params";

interface ChartsToolbarProps {
  view: ChartView;
  shown: number;
  total: number;
}

/** Search of panels, smoothing, scale, and the way back from a zoom. */
export const ChartsToolbar = memo(function ChartsToolbar({
  view,
  shown,
  total,
}: ChartsToolbarProps) {
  const { query, setQuery, zoom, setZoom, settings, setSettings } = view;
  const search = useRef<HTMLInputElement>(null);
  useHotkeys({ "/": () => search.current?.focus() });
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <div className="relative w-full sm:w-64">
        <Search
          aria-hidden
          className="pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-faint"
        />
        <Input
          ref={search}
          type="search"
          aria-label="Search panels"
          placeholder="Search panels, or regex"
          value={query}
          onValueChange={(value) => setQuery(value)}
          className="pr-8 pl-8 [&::-webkit-search-cancel-button]:hidden"
        />
        {query ? (
          <button
            type="button"
            aria-label="Clear the search"
            onClick={() => setQuery("")}
            className="absolute top-1/2 right-1.5 flex size-5 -translate-y-1/2 items-center justify-center rounded-sm text-muted hover:bg-hover hover:text-ink"
          >
            <X aria-hidden className="size-3.5" />
          </button>
        ) : (
          <Kbd className="absolute top-1/2 right-2 -translate-y-1/2 pointer-coarse:hidden">/</Kbd>
        )}
      </div>
      <p className="nums text-xs text-faint" aria-live="polite">
        {query ? `${formatInteger(shown)} of ${formatInteger(total)}` : formatInteger(total)} panels
      </p>
      {zoom ? (
        <Button size="sm" onClick={() => setZoom(null)}>
          <ZoomOut aria-hidden />
          <span className="nums">{zoomText(zoom)}</span>
          <span className="sr-only">: show all</span>
        </Button>
      ) : null}
      <div className="flex flex-1 flex-wrap items-center justify-end gap-x-4 gap-y-2 max-sm:basis-full max-sm:justify-between">
        <div className="flex items-center gap-2 text-xs text-muted">
          <span>Smoothing</span>
          <Slider
            label="Smoothing"
            className="ml-2 w-24"
            min={0}
            max={maxAmount}
            step={0.01}
            value={settings.amount}
            onValueChange={(amount) => setSettings({ amount })}
          />
          <output className="nums w-7 font-mono text-2xs">{settings.amount.toFixed(2)}</output>
        </div>
        {/* biome-ignore lint/a11y/noLabelWithoutControl: the switch inside is its control. */}
        <label className="flex items-center gap-2 text-xs text-muted">
          Log scale
          <Switch checked={settings.logY} onCheckedChange={(logY) => setSettings({ logY })} />
        </label>
        <Select
          label="X axis of all panels"
          className="w-34"
          value={settings.axis}
          options={axisOptions}
          onValueChange={(axis) => setSettings({ axis })}
        />
        <AllPanels view={view} />
      </div>
    </div>
  );
});

function zoomText({ from, to, shown }: ChartZoom): string {
  if (!shown) return `steps ${formatInteger(from)}–${formatInteger(to)}`;
  return `${formatPlace(shown.axis, shown.min)} – ${formatPlace(shown.axis, shown.max)}`;
}

const groupings: { value: PanelGrouping; label: string }[] = [
  { value: "prefix", label: "By first part" },
  { value: "name", label: "By last part" },
  { value: "none", label: "All together" },
];

/** What holds for every panel that has nothing of its own. */
function AllPanels({ view }: { view: ChartView }) {
  const changed = Object.keys(view.own).length;
  return (
    <Popover
      title="All panels"
      align="end"
      className="w-80"
      trigger={
        <Button size="sm">
          <SlidersHorizontal aria-hidden /> Settings
        </Button>
      }
    >
      <PanelSettingsForm settings={view.settings} onChange={view.setSettings} />
      <div className="mt-3 flex flex-col gap-3 border-t border-line pt-3 text-sm">
        <div className="grid grid-cols-[5.5rem_1fr] items-center gap-2">
          <span className="text-muted">Groups</span>
          <Select
            label="Groups"
            value={view.grouping}
            options={groupings}
            onValueChange={view.setGrouping}
          />
        </div>
        <SwitchRow
          label="Share zoom and crosshair"
          checked={view.shared}
          onChange={view.setShared}
        />
        {changed > 0 ? (
          <Button size="sm" onClick={view.clearOwn}>
            Take back what {formatInteger(changed)} {changed === 1 ? "panel has" : "panels have"} of
            their own
          </Button>
        ) : null}
      </div>
    </Popover>
  );
}
