"use client";

import { Minimize2 } from "lucide-react";
import { memo, useMemo, useRef, useState } from "react";
import { ChartPanel, type PanelLineInfo } from "@/components/charts/panel/chart-panel";
import { createHighlight } from "@/components/charts/panel/highlight";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Skeleton } from "@/components/ui/feedback/skeleton";
import { IconButton } from "@/components/ui/icon-button";
import type { Marker } from "@/lib/charts/axes/markers";
import type { XRange } from "@/lib/charts/axes/x-axis";
import { zoomTo } from "@/lib/charts/axes/zoom";
import type { PanelSpec } from "@/lib/charts/panels/custom-panels";
import { type PanelGroup, pinnedGroup, seriesLeaf } from "@/lib/charts/panels/group-panels";
import type { PanelSettings } from "@/lib/charts/panels/panel-settings";
import type { PanelPicture } from "@/lib/charts/panels/panel-store";
import { seriesStyles } from "@/lib/charts/style/line-style";
import { visibleText } from "@/lib/format/visible-text";
import { usePanelLines } from "@/lib/hooks/charts/use-panel-lines";
import { useDrawnSettings, usePicture } from "@/lib/hooks/charts/use-picture";
import { useHotkeys } from "@/lib/hooks/page/use-hotkeys";
import { useOnScreen } from "@/lib/hooks/page/use-on-screen";
import { PanelMenu } from "./panel-menu";
import type { ChartView } from "./use-chart-params";
import { usePanelMoves } from "./use-panel-moves";
import { usePanelView } from "./use-panel-view";

export interface SeriesPanelProps {
  /** The series' name, or the key of a panel that holds several. */
  name: string;
  spec: PanelSpec | null;
  /** The panels among which this one stands. */
  group: PanelGroup;
  view: ChartView;
  /** Every series of the run. */
  names: readonly string[];
  markers: readonly Marker[];
  syncKey: string;
}

function notice(unplaced: boolean, zoomed: boolean, { axis }: PanelSettings): string {
  if (unplaced) return `This series has no ${axis === "epoch" ? "epochs" : "times"}`;
  return zoomed ? "No values in this range" : "No values yet";
}

/** A legend of several lines takes its room from no plot. */
function panelSize(full: boolean, wide: boolean, lines: number): string {
  if (full) return "fixed inset-2 z-40 shadow-dialog";
  if (wide) return "col-span-full h-98";
  return lines > 1 ? "h-68" : "h-58";
}

const isEmpty = ({ lines }: PanelPicture) => lines.every(({ series }) => series.x.length === 0);
const isUnplaced = ({ lines }: PanelPicture) => lines.some(({ series }) => series.unplaced > 0);

/** What a panel holds, and what it is called. */
function useContents({ name, spec, group, view }: SeriesPanelProps, full: boolean) {
  const names = useMemo(() => spec?.names ?? [name], [spec, name]);
  const lineStyles = useMemo(() => seriesStyles(names), [names]);
  const lines = useMemo(
    () =>
      names.map((series): PanelLineInfo => {
        const lineStyle = lineStyles.get(series) ?? { colour: 8, dash: [] };
        return { id: series, label: series, lineStyle, series };
      }),
    [names, lineStyles],
  );
  // Where no heading above says the rest of the name.
  const alone = full || view.grouping !== "prefix" || group.prefix === pinnedGroup;
  const whole = spec ? spec.title : name;
  return {
    names,
    lineStyles,
    lines,
    whole,
    title: visibleText(spec || alone ? whole : seriesLeaf(name)),
  };
}

/** The live panel of one series or several; off the screen it keeps its place and rests. */
export const SeriesPanel = memo(function SeriesPanel(props: SeriesPanelProps) {
  const { name, spec, view } = props;
  const box = useRef<HTMLElement>(null);
  const onScreen = useOnScreen(box);
  const [highlight] = useState(createHighlight);
  const { settings, zoom, setZoom, zoomBack } = usePanelView(name, view);
  const wide = view.wide === name;
  const full = view.full === name;
  const { axis } = settings;
  const { names, lineStyles, lines, whole, title } = useContents(props, full);
  const { store, loading, settling, error, retry } = usePanelLines({
    names,
    zoom,
    axis,
    columns: wide || full ? 1500 : 600,
    enabled: onScreen,
  });
  const drawnAs = useDrawnSettings(store, settings);
  const empty = usePicture(store, isEmpty);
  const unplaced = usePicture(store, isUnplaced);
  const { moves, dragProps } = usePanelMoves(name, props.group, view);

  const take = (next: XRange, kind: "zoom" | "pan") => {
    const taken = zoomTo(drawnAs.axis, store.scales(), next, kind);
    if (taken) setZoom(taken);
  };

  return (
    <section
      ref={box}
      aria-label={visibleText(whole)}
      data-series={name}
      data-lines={lines.length}
      {...dragProps.target}
      className={cn(
        "group/panel relative flex min-w-0 flex-col rounded-lg border border-line bg-surface outline-accent-ink has-[input:focus-visible]:outline-2",
        panelSize(full, wide, lines.length),
        dragProps.over && "border-accent-ink",
      )}
    >
      {full ? <LeaveOnEscape onLeave={() => view.setFull(null)} /> : null}
      {!onScreen || loading ? (
        <PanelSkeleton title={title} />
      ) : error && empty ? (
        <PanelError title={title} onRetry={retry} />
      ) : (
        <ChartPanel
          name={whole}
          title={title}
          store={store}
          settings={drawnAs}
          markers={props.markers}
          lines={lines}
          lineStyles={lineStyles}
          highlight={highlight}
          syncKey={`${props.syncKey}-${drawnAs.axis}${view.shared ? "" : name}`}
          onZoom={(next) => (next ? take(next, "zoom") : zoomBack())}
          onPan={(next) => take(next, "pan")}
          notice={empty && !settling ? notice(unplaced, zoom !== null, settings) : null}
          headingProps={dragProps.heading}
          actions={
            <>
              {spec && spec.left > 0 ? (
                <span className="nums text-xs text-faint">{spec.left} not shown</span>
              ) : null}
              <PanelMenu
                name={name}
                title={whole}
                spec={spec}
                names={props.names}
                view={view}
                settings={settings}
                store={store}
                lines={lines}
                onMove={moves}
              />
              {full ? (
                <IconButton label="Exit full screen" size="sm" onClick={() => view.setFull(null)}>
                  <Minimize2 />
                </IconButton>
              ) : null}
            </>
          }
        />
      )}
    </section>
  );
});

function LeaveOnEscape({ onLeave }: { onLeave: () => void }) {
  useHotkeys({ Escape: onLeave });
  return null;
}

function PanelHeading({ title }: { title: string }) {
  return <h3 className="truncate px-3 pt-1.5 text-sm font-medium text-muted">{title}</h3>;
}

export function PanelSkeleton({ title }: { title?: string }) {
  return (
    <div className="flex h-full flex-col" aria-busy>
      {title ? <PanelHeading title={title} /> : <Skeleton className="mx-3 mt-2.5 w-24" />}
      <Skeleton className="mx-3 mt-2 h-4 w-20" />
      <div className="relative m-3 flex-1 overflow-hidden border-b border-l border-line">
        <Skeleton className="absolute inset-x-0 bottom-0 h-1/3 rounded-none opacity-40" />
      </div>
    </div>
  );
}

function PanelError({ title, onRetry }: { title: string; onRetry: () => void }) {
  return (
    <div className="flex h-full flex-col">
      <PanelHeading title={title} />
      <div className="flex flex-1 flex-col items-center justify-center gap-2 text-sm text-muted">
        The history could not be loaded.
        <Button size="sm" onClick={onRetry}>
          Try again
        </Button>
      </div>
    </div>
  );
}
