"use client";

import { Search, ZoomOut } from "lucide-react";
import { useRef } from "react";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Input } from "@/components/ui/input";
import { Slider } from "@/components/ui/slider";
import { Switch } from "@/components/ui/switch";
import { groupPanels } from "@/lib/charts/panels";
import { formatInteger } from "@/lib/format/number";
import { visibleText } from "@/lib/format/visible-text";
import { useHotkeys } from "@/lib/hooks/use-hotkeys";
import { ComparePanel, type ComparePanelProps } from "./compare-panel";
import type { CompareParams } from "./use-compare-params";

interface ChartsSectionProps
  extends Omit<ComparePanelProps, "name" | "zoom" | "smoothing" | "logarithmic" | "onZoom"> {
  names: readonly string[];
  params: CompareParams;
  onZoom: (range: { from: number; to: number } | null) => void;
}

/** Every series of the runs as an overlaid panel. */
export function ChartsSection({
  names,
  params: { params, set, zoom },
  ...rest
}: ChartsSectionProps) {
  const search = useRef<HTMLInputElement>(null);
  useHotkeys({
    "/": () => search.current?.focus(),
    Escape: () => rest.onZoom(null),
  });
  const smoothing = Math.min(0.99, Math.max(0, params.smooth));
  const words = params.panels.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = groupPanels(
    names.filter((name) => words.every((word) => name.toLowerCase().includes(word))),
  );
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="relative w-full sm:w-60">
          <Search
            aria-hidden
            className="pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-faint"
          />
          <Input
            ref={search}
            type="search"
            aria-label="Search panels"
            placeholder="Search panels"
            value={params.panels}
            onValueChange={(panels) => void set({ panels: panels || null })}
            className="pl-8"
          />
        </div>
        {zoom ? (
          <Button size="sm" onClick={() => rest.onZoom(null)}>
            <ZoomOut aria-hidden />
            <span className="nums">
              steps {formatInteger(zoom.from)}–{formatInteger(zoom.to)}
            </span>
            <span className="sr-only">: show all steps</span>
          </Button>
        ) : null}
        <div className="flex flex-1 flex-wrap items-center justify-end gap-x-4 gap-y-2">
          <div className="flex items-center gap-2 text-xs text-muted">
            <span>Smoothing</span>
            <Slider
              label="Smoothing"
              className="ml-2 w-24"
              min={0}
              max={0.99}
              step={0.01}
              value={smoothing}
              onValueChange={(smooth) => void set({ smooth: smooth || null })}
            />
            <output className="nums w-7 font-mono text-2xs">{smoothing.toFixed(2)}</output>
          </div>
          {/* biome-ignore lint/a11y/noLabelWithoutControl: the switch inside is its control. */}
          <label className="flex items-center gap-2 text-xs text-muted">
            Log scale
            <Switch
              checked={params.log}
              onCheckedChange={(log) => void set({ log: log || null })}
            />
          </label>
        </div>
      </div>
      {groups.length === 0 ? (
        <EmptyState title={params.panels ? "No panel matches" : "No values yet"}>
          {params.panels
            ? "No series of these runs has all these words in its name."
            : "Panels appear with the runs' first points."}
        </EmptyState>
      ) : null}
      {groups.map((group) => (
        <section key={group.prefix} aria-label={visibleText(group.prefix)}>
          <h2 className="flex h-7 items-center gap-1.5 text-sm font-medium">
            {visibleText(group.prefix)}
            <span className="nums text-xs font-normal text-faint">{group.names.length}</span>
          </h2>
          <div className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,22rem),1fr))] gap-3">
            {group.names.slice(0, 48).map((name) => (
              <ComparePanel
                key={name}
                name={name}
                zoom={zoom}
                smoothing={smoothing}
                logarithmic={params.log}
                {...rest}
              />
            ))}
          </div>
        </section>
      ))}
    </div>
  );
}
