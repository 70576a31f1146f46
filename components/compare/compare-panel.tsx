"use client";

import { Ellipsis, Maximize2, Minimize2 } from "lucide-react";
import { memo, useMemo, useRef, useState } from "react";
import { ChartPanel, type PanelLineInfo } from "@/components/charts/panel/chart-panel";
import { type CrosshairStore, useCrosshair } from "@/components/charts/panel/crosshair-store";
import { type Highlight, useHighlighted } from "@/components/charts/panel/highlight";
import { SaveItems } from "@/components/charts/save/save-items";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Skeleton } from "@/components/ui/feedback/skeleton";
import { IconButton } from "@/components/ui/icon-button";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/overlays/menu";
import { formatAxisValue } from "@/lib/charts/axes/axis-ticks";
import type { Marker } from "@/lib/charts/axes/markers";
import type { XRange } from "@/lib/charts/axes/x-axis";
import { zoomTo } from "@/lib/charts/axes/zoom";
import { nearestIndex } from "@/lib/charts/kinds/line/nearest";
import { seriesLeaf } from "@/lib/charts/panels/group-panels";
import type { ChartZoom, PanelSettings } from "@/lib/charts/panels/panel-settings";
import type { PanelPicture, PanelStore } from "@/lib/charts/panels/panel-store";
import type { LineStyle } from "@/lib/charts/style/line-style";
import { formatInteger, formatSeriesValue } from "@/lib/format/number";
import { visibleText } from "@/lib/format/visible-text";
import { useDrawnSettings, usePicture } from "@/lib/hooks/charts/use-picture";
import { useOnScreen } from "@/lib/hooks/page/use-on-screen";
import type { DrawnLine } from "./charts-section";
import { useCompareLines } from "./use-compare-lines";

export interface ComparePanelProps {
  name: string;
  lines: readonly DrawnLine[];
  lineStyles: ReadonlyMap<string, LineStyle>;
  zoom: ChartZoom | null;
  settings: PanelSettings;
  highlight: Highlight;
  onZoom: (zoom: ChartZoom | null) => void;
}

const noMarkers: readonly Marker[] = [];

/** Which lines have anything to show, as one text: it changes seldom. */
const drawnIds = ({ lines }: PanelPicture) =>
  lines.flatMap(({ id, series }) => (series.x.length > 0 ? id : [])).join("\n");

/** One series of all runs; off the screen it keeps its place and rests. */
export const ComparePanel = memo(function ComparePanel(props: ComparePanelProps) {
  const { name, lines, zoom, settings, highlight } = props;
  const box = useRef<HTMLElement>(null);
  const onScreen = useOnScreen(box);
  const [wide, setWide] = useState(false);
  const { axis } = settings;
  const { store, loading, settling, failed, retry } = useCompareLines({
    name,
    zoom,
    axis,
    wide,
    enabled: onScreen,
  });
  const drawnAs = useDrawnSettings(store, settings);
  const ids = usePicture(store, drawnIds);
  const drawn = useMemo(() => {
    const known = new Set(ids === "" ? [] : ids.split("\n"));
    return lines
      .filter(({ id }) => known.has(id))
      .map((line): PanelLineInfo => ({ ...line, series: name }));
  }, [ids, lines, name]);
  const title = visibleText(seriesLeaf(name));
  const take = (range: XRange, kind: "zoom" | "pan") => {
    const taken = zoomTo(drawnAs.axis, store.scales(), range, kind);
    if (taken) props.onZoom(taken);
  };
  const chart = () => {
    const picture = store.get();
    const shown = { ...picture, lines: picture.lines.filter(({ series }) => series.x.length > 0) };
    return {
      title: name,
      file: ["compare", name],
      picture: shown,
      settings: drawnAs,
      lines: drawn,
      of: "run",
    };
  };

  return (
    <section
      ref={box}
      aria-label={visibleText(name)}
      data-series={name}
      data-lines={drawn.length}
      className={cn(
        "group/panel relative flex min-w-0 flex-col rounded-lg border border-line bg-surface outline-accent-ink has-[input:focus-visible]:outline-2",
        wide ? "col-span-full h-110" : "h-64",
      )}
    >
      {!onScreen || loading ? (
        <>
          <h3 className="truncate px-3 pt-1.5 text-sm font-medium text-muted">{title}</h3>
          <Skeleton className="m-3 flex-1 opacity-30" />
        </>
      ) : failed && drawn.length === 0 ? (
        <div className="flex flex-1 flex-col items-center justify-center gap-2 text-sm text-muted">
          The history could not be loaded.
          <Button size="sm" onClick={retry}>
            Try again
          </Button>
        </div>
      ) : (
        <ChartPanel
          name={name}
          title={title}
          store={store}
          settings={drawnAs}
          markers={noMarkers}
          lines={drawn}
          lineStyles={props.lineStyles}
          highlight={highlight}
          syncKey={`compare-${drawnAs.axis}`}
          onZoom={(range) => (range ? take(range, "zoom") : props.onZoom(null))}
          onPan={(range) => take(range, "pan")}
          notice={
            drawn.length === 0 && !settling
              ? emptyNotice(lines.length > 0, zoom !== null, axis)
              : null
          }
          reading={(crosshairStore) => (
            <Reading
              name={name}
              store={store}
              lines={drawn}
              crosshairStore={crosshairStore}
              highlight={highlight}
            />
          )}
          actions={
            <>
              {failed ? (
                <Button size="sm" variant="ghost" onClick={retry}>
                  Some runs could not be loaded. Try again
                </Button>
              ) : null}
              <Menu
                align="end"
                trigger={
                  <IconButton
                    label={`Options for ${name}`}
                    size="sm"
                    className="opacity-0 group-hover/panel:opacity-100 focus-visible:opacity-100 data-popup-open:opacity-100 pointer-coarse:opacity-100"
                  >
                    <Ellipsis />
                  </IconButton>
                }
              >
                <MenuItem
                  icon={wide ? <Minimize2 /> : <Maximize2 />}
                  onClick={() => setWide(!wide)}
                >
                  {wide ? "Make smaller" : "Make larger"}
                </MenuItem>
                <MenuSeparator />
                <SaveItems chart={chart} />
              </Menu>
            </>
          }
        />
      )}
    </section>
  );
});

function emptyNotice(anyShown: boolean, zoomed: boolean, axis: PanelSettings["axis"]): string {
  if (!anyShown) return "All runs are hidden";
  if (zoomed) return "No values in this range";
  return axis === "epoch" ? "No epochs logged yet" : "No values yet";
}

interface ReadingProps {
  name: string;
  store: PanelStore;
  lines: readonly PanelLineInfo[];
  crosshairStore: CrosshairStore;
  highlight: Highlight;
}

/** The figure of the line that stands out, at the crosshair or at its end. */
function Reading({ name, store, lines, crosshairStore, highlight }: ReadingProps) {
  const highlighted = useHighlighted(highlight);
  const crosshair = useCrosshair(crosshairStore);
  const line = lines.find(({ id }) => id === highlighted);
  if (!line) {
    return (
      <p className="h-5 px-3 text-xs text-faint">
        {formatInteger(lines.length)} {lines.length === 1 ? "line" : "lines"}
      </p>
    );
  }
  return <Figure name={name} store={store} line={line} x={crosshair?.x ?? null} />;
}

interface FigureProps {
  name: string;
  store: PanelStore;
  line: PanelLineInfo;
  x: number | null;
}

const whole = (picture: PanelPicture) => picture;

function Figure({ name, store, line, x }: FigureProps) {
  const { axis, lines } = usePicture(store, whole);
  const series = lines.find(({ id }) => id === line.id)?.series;
  const end = (series?.x.length ?? 0) - 1;
  const index = series && x !== null ? (nearestIndex(series.x, x) ?? end) : end;
  const value = series?.line[index] ?? null;
  const place = series?.x[index];
  return (
    <p className="nums flex h-5 min-w-0 items-baseline gap-2 px-3 whitespace-nowrap">
      <span className="font-mono text-sm font-medium text-ink">
        {value === null ? "–" : formatSeriesValue(name, value)}
      </span>
      {place === undefined ? null : (
        <span className="text-xs text-faint">
          {formatAxisValue(axis, axis === "step" ? Math.round(place) : place)}
        </span>
      )}
      <span
        className="truncate text-xs"
        style={{ color: `var(--series-${line.lineStyle.colour})` }}
      >
        {line.label}
      </span>
    </p>
  );
}
