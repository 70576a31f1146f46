"use client";

import { Search, X, ZoomOut } from "lucide-react";
import { memo, useRef } from "react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Kbd } from "@/components/ui/kbd";
import { Slider } from "@/components/ui/slider";
import { Switch } from "@/components/ui/switch";
import { formatInteger } from "@/lib/format/number";
import { useHotkeys } from "@/lib/hooks/use-hotkeys";
import type { useChartParams } from "./use-chart-params";

interface ChartsToolbarProps {
  params: ReturnType<typeof useChartParams>;
  shown: number;
  total: number;
}

/** Search of panels, smoothing, scale, and the way back from a zoom. */
export const ChartsToolbar = memo(function ChartsToolbar({
  params,
  shown,
  total,
}: ChartsToolbarProps) {
  const { query, setQuery, zoom, setZoom, logarithmic, setLogarithmic, smoothing, setSmoothing } =
    params;
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
          placeholder="Search panels"
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
          <span className="nums">
            steps {formatInteger(zoom.from)}–{formatInteger(zoom.to)}
          </span>
          <span className="sr-only">: show all steps</span>
        </Button>
      ) : null}
      <div className="flex flex-1 flex-wrap items-center justify-end gap-x-4 gap-y-2 max-sm:basis-full max-sm:justify-between">
        <div className="flex items-center gap-2 text-xs text-muted">
          <span>Smoothing</span>
          <Slider
            label="Smoothing"
            className="ml-2 w-24"
            min={0}
            max={0.99}
            step={0.01}
            value={smoothing}
            onValueChange={setSmoothing}
          />
          <output className="nums w-7 font-mono text-2xs">{smoothing.toFixed(2)}</output>
        </div>
        {/* biome-ignore lint/a11y/noLabelWithoutControl: the switch inside is its control. */}
        <label className="flex items-center gap-2 text-xs text-muted">
          Log scale
          <Switch checked={logarithmic} onCheckedChange={(on) => setLogarithmic(on)} />
        </label>
      </div>
    </div>
  );
});
