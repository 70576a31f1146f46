"use client";

import { type HTMLAttributes, type ReactNode, useState } from "react";
import type { LegendEntry } from "@/lib/charts/panels/legend-entry";
import { isBytes } from "@/lib/format/number";
import { createCrosshairStore } from "./crosshair-store";
import { PanelReadout } from "./panel-readout";
import { PanelTooltip } from "./panel-tooltip";
import { UplotPanel, type UplotPanelProps } from "./uplot-panel";

interface ChartPanelProps extends Omit<UplotPanelProps, "bytes" | "crosshairStore" | "className"> {
  /** The panel's whole name. */
  name: string;
  /** The part of the name shown in the heading. */
  title: string;
  entries: readonly LegendEntry[];
  /** Replaces the readout above the plot. */
  reading?: (crosshairStore: ReturnType<typeof createCrosshairStore>) => ReactNode;
  /** Drag handlers of the heading, if the panel can be moved. */
  headingProps?: HTMLAttributes<HTMLElement>;
  /** Buttons in the heading. */
  actions?: ReactNode;
  /** Shown over an empty plot. */
  notice?: ReactNode;
}

/** The inside of a panel: heading, the values at the crosshair (else the last ones), plot. */
export function ChartPanel(props: ChartPanelProps) {
  const { name, title, entries, store, settings, highlight, reading, notice } = props;
  const [crosshairStore] = useState(createCrosshairStore);
  const only = entries.length === 1 ? entries[0] : undefined;
  return (
    <>
      <header {...props.headingProps} className="flex h-8 min-w-0 items-center gap-2 pr-1 pl-3">
        {only && !reading ? (
          <span
            aria-hidden
            className="size-2 shrink-0 rounded-full"
            style={{ background: `var(--series-${only.lineStyle.colour})` }}
          />
        ) : null}
        <h3 className="min-w-0 flex-1 truncate text-sm font-medium text-ink" title={name}>
          {title}
        </h3>
        {props.actions}
      </header>
      {reading ? (
        reading(crosshairStore)
      ) : (
        <PanelReadout
          name={name}
          entries={entries}
          store={store}
          crosshairStore={crosshairStore}
          highlight={highlight}
          axis={settings.axis}
        />
      )}
      <div className="relative mx-1 mb-0.5 min-h-0 flex-1">
        <UplotPanel
          className="absolute inset-0"
          store={store}
          settings={settings}
          markers={props.markers}
          lineStyles={props.lineStyles}
          highlight={highlight}
          bytes={entries.length > 0 && entries.every((line) => isBytes(line.series))}
          syncKey={props.syncKey}
          crosshairStore={crosshairStore}
          onZoom={props.onZoom}
          onPan={props.onPan}
        />
        {entries.length > 1 ? (
          <PanelTooltip
            entries={entries}
            store={store}
            crosshairStore={crosshairStore}
            highlight={highlight}
          />
        ) : null}
        {notice ? (
          <div className="pointer-events-none absolute inset-0 flex items-center justify-center text-xs text-muted">
            {notice}
          </div>
        ) : null}
      </div>
    </>
  );
}
