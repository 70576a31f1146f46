"use client";

import { type ReactNode, useMemo, useRef } from "react";
import { cn } from "@/components/ui/cn";
import type { Marker } from "@/lib/charts/axes/markers";
import type { XAxis, XRange } from "@/lib/charts/axes/x-axis";
import { zoomTo } from "@/lib/charts/axes/zoom";
import type { LinePicture, PanelLine } from "@/lib/charts/kinds/line/line-picture";
import type { LegendEntry } from "@/lib/charts/panels/legend-entry";
import type { LineSource } from "@/lib/charts/panels/line-source";
import type { PanelStore } from "@/lib/charts/panels/panel-store";
import { visibleText } from "@/lib/format/visible-text";
import { useLines } from "@/lib/hooks/charts/use-lines";
import { useDrawnSettings, usePicture } from "@/lib/hooks/charts/use-picture";
import { useHotkeys } from "@/lib/hooks/page/use-hotkeys";
import { useOnScreen } from "@/lib/hooks/page/use-on-screen";
import type { ChartToSave } from "../save/save-chart";
import { ChartPanel } from "./chart-panel";
import type { CrosshairStore } from "./crosshair-store";
import type { Highlight } from "./highlight";
import { PanelActions } from "./panel-actions";
import type { PanelDrag } from "./panel-drag";
import { PanelMenu, type PanelMenuProps } from "./panel-menu";
import { PanelError, PanelSkeleton } from "./panel-placeholder";
import type { PanelView } from "./panel-view";

export interface LinePanelProps {
  /** The series it shows, or the key of a panel of several. */
  id: string;
  /** The whole name; `title` is the part shown in the heading. */
  name: string;
  title: string;
  source: LineSource;
  /** Name and style of the lines that are drawn. */
  lines: readonly LegendEntry[];
  view: PanelView;
  highlight: Highlight;
  /** Panels with the same key share their crosshair. */
  syncKey: string;
  markers?: readonly Marker[];
  /** The parts of a saved chart's file name, and what one line stands for. */
  saveAs: Pick<ChartToSave, "file" | "of">;
  /** Shown if there is no line to draw. */
  emptyNotice: string;
  /** Replaces the readout above the plot. */
  readout?: (panel: { store: PanelStore; crosshairStore: CrosshairStore }) => ReactNode;
  /** Replaces the usual menu. */
  menu?: (base: PanelMenuProps) => ReactNode;
  /** Shown before the menu. */
  note?: ReactNode;
  drag?: PanelDrag;
}

const noMarkers: readonly Marker[] = [];
const hasPoints = ({ series }: PanelLine) => series.x.length > 0;
const countLines = ({ lines }: LinePicture) => lines.filter(hasPoints).length;
const isUnplaced = ({ lines }: LinePicture) => lines.some(({ series }) => series.unplaced > 0);

/** A live panel of lines. Off the screen it keeps its place but neither fetches nor draws. */
export function LinePanel(props: LinePanelProps) {
  const { id, name, title, source, lines, view, markers = noMarkers, drag } = props;
  const box = useRef<HTMLElement>(null);
  const onScreen = useOnScreen(box);
  const { settings, zoom, wide, full } = view;
  useHotkeys({ Escape: () => view.setFull(false) }, full);
  const live = useLines(source, { zoom, axis: settings.axis, large: wide || full }, onScreen);
  const { store, loading, settling, failed, retry } = live;
  const drawnSettings = useDrawnSettings(store, settings);
  const drawnLines = usePicture(store, countLines);
  const unplaced = usePicture(store, isUnplaced);
  const lineStyles = useMemo(
    () => new Map(lines.map((line) => [line.id, line.lineStyle])),
    [lines],
  );
  const moveTo = (range: XRange, kind: "zoom" | "pan") => {
    const next = zoomTo(drawnSettings.axis, store.scales(), range, kind);
    if (next) view.setZoom(next);
  };
  const chart = (): ChartToSave => {
    const picture = store.get();
    const shown = { ...picture, lines: picture.lines.filter(hasPoints) };
    return {
      ...props.saveAs,
      title: name,
      picture: shown,
      settings: drawnSettings,
      markers,
      entries: lines,
    };
  };
  const notice = () => {
    if (lines.length === 0) return props.emptyNotice;
    return emptyText(settings.axis, unplaced, zoom !== null);
  };

  return (
    <section
      ref={box}
      aria-label={visibleText(name)}
      data-series={id}
      data-lines={drawnLines}
      {...drag?.target}
      className={cn(
        "group/panel relative flex min-w-0 flex-col rounded-lg border border-line bg-surface outline-accent-ink has-[input:focus-visible]:outline-2",
        panelSize(view, props.readout ? "h-64" : lines.length > 1 ? "h-68" : "h-58"),
        drag?.over && "border-accent-ink",
      )}
    >
      {!onScreen || loading ? (
        <PanelSkeleton title={title} />
      ) : failed && drawnLines === 0 ? (
        <PanelError title={title} onRetry={retry} />
      ) : (
        <ChartPanel
          name={name}
          title={title}
          store={store}
          settings={drawnSettings}
          markers={markers}
          entries={lines}
          lineStyles={lineStyles}
          highlight={props.highlight}
          syncKey={`${props.syncKey}-${drawnSettings.axis}`}
          onZoom={(range) => (range ? moveTo(range, "zoom") : view.zoomBack())}
          onPan={(range) => moveTo(range, "pan")}
          notice={drawnLines === 0 && !settling ? notice() : null}
          reading={
            props.readout && ((crosshairStore) => props.readout?.({ store, crosshairStore }))
          }
          headingProps={drag?.heading}
          actions={
            <PanelActions view={view} failed={failed} onRetry={retry}>
              {props.note}
              {props.menu?.({ name, view, chart }) ?? (
                <PanelMenu name={name} view={view} chart={chart} />
              )}
            </PanelActions>
          }
        />
      )}
    </section>
  );
}

function panelSize({ wide, full }: PanelView, height: string): string {
  if (full) return "fixed inset-2 z-40 shadow-dialog";
  return wide ? "col-span-full h-98" : height;
}

function emptyText(axis: XAxis, unplaced: boolean, zoomed: boolean): string {
  if (unplaced) return axis === "epoch" ? "No epochs logged" : "No timestamps logged";
  return zoomed ? "No values in this range" : "No values yet";
}
