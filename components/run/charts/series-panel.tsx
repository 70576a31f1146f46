"use client";

import { Maximize2, Minimize2 } from "lucide-react";
import { memo, useEffect, useRef } from "react";
import { ChartPanel } from "@/components/charts/chart-panel";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { IconButton } from "@/components/ui/icon-button";
import { Skeleton } from "@/components/ui/skeleton";
import type { Marker } from "@/lib/charts/markers";
import type { StepRange } from "@/lib/charts/merge-tail";
import { seriesLeaf } from "@/lib/charts/panels";
import type { PreparedSeries } from "@/lib/charts/prepare-series";
import { seriesColour } from "@/lib/charts/series-colour";
import { visibleText } from "@/lib/format/visible-text";
import { useOnScreen } from "@/lib/hooks/use-on-screen";
import { useSeries } from "@/lib/hooks/use-series";

export interface SeriesPanelProps {
  name: string;
  zoom: StepRange | null;
  /** All steps of the run, which a panel shows while nothing is zoomed. */
  full: StepRange;
  markers: readonly Marker[];
  logarithmic: boolean;
  smoothing: number;
  syncKey: string;
  wide: boolean;
  onWide: (name: string | null) => void;
  onZoom: (range: StepRange | null) => void;
  /** Tells of steps beyond those that are known. */
  onExtent: (stepMin: number, stepMax: number) => void;
}

const noPoints = "No values in these steps";

function notice(prepared: PreparedSeries, zoomed: boolean): string | null {
  if (prepared.columns.length > 0) return null;
  return zoomed ? noPoints : "No values yet";
}

/** The live panel of one series; off the screen it keeps its place and rests. */
export const SeriesPanel = memo(function SeriesPanel(props: SeriesPanelProps) {
  const { name, zoom, full, wide, onWide, onExtent } = props;
  const box = useRef<HTMLElement>(null);
  const onScreen = useOnScreen(box);
  const { prepared, loading, error, retry } = useSeries({
    name,
    zoom,
    columns: wide ? 1500 : 600,
    enabled: onScreen,
  });
  const { stepMin, stepMax } = prepared;
  const title = visibleText(seriesLeaf(name));

  // The page's common x axis: it grows with what the panels hold.
  useEffect(() => {
    if (zoom === null && stepMin !== null && stepMax !== null) onExtent(stepMin, stepMax);
  }, [zoom, stepMin, stepMax, onExtent]);

  return (
    <section
      ref={box}
      aria-label={visibleText(name)}
      data-series={name}
      className={cn(
        "group/panel relative flex min-w-0 flex-col rounded-lg border border-line bg-surface outline-accent-ink has-[input:focus-visible]:outline-2",
        wide ? "col-span-full h-98" : "h-58",
      )}
    >
      {!onScreen || loading ? (
        <PanelSkeleton title={title} />
      ) : error && prepared.columns.length === 0 ? (
        <PanelError title={title} onRetry={retry} />
      ) : (
        <ChartPanel
          name={name}
          title={title}
          series={prepared}
          range={zoom ?? full}
          markers={props.markers}
          colour={seriesColour(name)}
          logarithmic={props.logarithmic}
          smoothing={props.smoothing}
          syncKey={props.syncKey}
          onZoom={props.onZoom}
          notice={notice(prepared, zoom !== null)}
          actions={
            <IconButton
              label={wide ? "Make smaller" : "Make larger"}
              size="sm"
              className="opacity-0 group-hover/panel:opacity-100 focus-visible:opacity-100 pointer-coarse:opacity-100"
              onClick={() => onWide(wide ? null : name)}
            >
              {wide ? <Minimize2 /> : <Maximize2 />}
            </IconButton>
          }
        />
      )}
    </section>
  );
});

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
        The history did not load.
        <Button size="sm" onClick={onRetry}>
          Try again
        </Button>
      </div>
    </div>
  );
}
