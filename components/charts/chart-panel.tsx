"use client";

import { type HTMLAttributes, type ReactNode, useState, useSyncExternalStore } from "react";
import { formatPlace } from "@/lib/charts/axis-ticks";
import type { PanelSettings } from "@/lib/charts/chart-settings";
import type { Marker } from "@/lib/charts/markers";
import { describeSeries, readColumn, readLast } from "@/lib/charts/panel-text";
import type { PreparedSeries } from "@/lib/charts/prepare-series";
import type { SeriesCell } from "@/lib/charts/series-cell";
import type { XAxis, XRange } from "@/lib/charts/x-axis";
import { isBytes } from "@/lib/format/number";
import { usePicture } from "@/lib/hooks/use-series";
import { type CursorCell, createCursorCell } from "./cursor-cell";
import { UplotPanel } from "./uplot-panel";

interface ChartPanelProps {
  /** The series' whole name. */
  name: string;
  /** What the heading shows of it. */
  title: string;
  cell: SeriesCell;
  settings: PanelSettings;
  markers: readonly Marker[];
  colour: number;
  syncKey: string;
  onZoom: (range: XRange | null) => void;
  onPan: (range: XRange) => void;
  /** Where the panel can be taken to another place. */
  headingProps?: HTMLAttributes<HTMLElement>;
  /** Buttons in the heading. */
  actions?: ReactNode;
  /** Shown over an empty plot. */
  notice?: ReactNode;
}

const onServer = () => null;

/** A panel's inside: heading, the figure under the crosshair (else the last one), plot. */
export function ChartPanel({
  name,
  title,
  cell,
  settings,
  markers,
  colour,
  syncKey,
  onZoom,
  onPan,
  headingProps,
  actions,
  notice,
}: ChartPanelProps) {
  const [cursor] = useState(createCursorCell);
  return (
    <>
      <header {...headingProps} className="flex h-8 min-w-0 items-center gap-2 pr-1 pl-3">
        <span
          aria-hidden
          className="size-2 shrink-0 rounded-full"
          style={{ background: `var(--series-${colour})` }}
        />
        <h3 className="min-w-0 flex-1 truncate text-sm font-medium text-ink" title={name}>
          {title}
        </h3>
        {actions}
      </header>
      <Readings name={name} cell={cell} cursor={cursor} axis={settings.axis} />
      <div className="relative mx-1 mb-0.5 min-h-0 flex-1">
        <UplotPanel
          className="absolute inset-0"
          cell={cell}
          settings={settings}
          markers={markers}
          colour={colour}
          bytes={isBytes(name)}
          syncKey={syncKey}
          cursor={cursor}
          onZoom={onZoom}
          onPan={onPan}
        />
        {notice ? (
          <div className="pointer-events-none absolute inset-0 flex items-center justify-center text-xs text-muted">
            {notice}
          </div>
        ) : null}
      </div>
    </>
  );
}

interface ReadingsProps {
  name: string;
  cell: SeriesCell;
  cursor: CursorCell;
  axis: XAxis;
}

/** What follows the live values in words: the only part of a panel that renders with each. */
function Readings({ name, cell, cursor, axis }: ReadingsProps) {
  const { prepared } = usePicture(cell, (picture) => picture);
  return (
    <>
      <LegendLine name={name} series={prepared} cursor={cursor} axis={axis} />
      <p className="sr-only">{describeSeries(name, prepared)}</p>
      <CrosshairKeys name={name} series={prepared} cursor={cursor} />
    </>
  );
}

/**
 * The crosshair for the keyboard and for screen readers: a slider over the columns, unseen itself;
 * the panel around it shows the focus.
 */
function CrosshairKeys({ name, series, cursor }: CrosshairProps) {
  const index = useSyncExternalStore(cursor.subscribe, cursor.get, onServer);
  const end = Math.max(0, series.columns.length - 1);
  const column = series.columns[index ?? end];
  const reading = column ? readColumn(name, column) : null;
  return (
    <input
      type="range"
      className="sr-only"
      aria-label={`Crosshair on ${name}`}
      aria-valuetext={reading ? `${reading.at}: ${reading.value}` : "no values"}
      min={0}
      max={end}
      value={index ?? end}
      onChange={(event) => cursor.moveTo(Number(event.target.value))}
      onKeyDown={(event) => {
        if (event.key === "Escape") cursor.moveTo(null);
      }}
      onBlur={() => cursor.moveTo(null)}
    />
  );
}

interface CrosshairProps {
  name: string;
  series: PreparedSeries;
  cursor: CursorCell;
}

function LegendLine({ name, series, cursor, axis }: CrosshairProps & { axis: XAxis }) {
  const index = useSyncExternalStore(cursor.subscribe, cursor.get, onServer);
  const column = index === null ? undefined : series.columns[index];
  const reading = column ? readColumn(name, column) : readLast(name, series);
  const x = axis === "step" ? undefined : series.x.at(index ?? -1);
  return (
    <p
      className="nums flex h-5 min-w-0 items-baseline gap-2 overflow-hidden px-3 whitespace-nowrap"
      data-reading={column ? "crosshair" : "last"}
    >
      <span className="font-mono text-lg leading-5 font-medium tracking-tight text-ink">
        {reading?.value ?? "–"}
      </span>
      <span className="truncate text-xs text-faint">
        {x === undefined ? null : `${formatPlace(axis, x)} · `}
        {reading?.at}
        {reading?.range ? <span className="ml-2">{reading.range}</span> : null}
      </span>
    </p>
  );
}
