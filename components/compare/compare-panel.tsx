"use client";

import { Maximize2, Minimize2 } from "lucide-react";
import { memo, useMemo, useRef, useState } from "react";
import { near, type OverlayPoint } from "@/components/charts/overlay-options";
import { OverlayPanel } from "@/components/charts/overlay-panel";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { IconButton } from "@/components/ui/icon-button";
import { Skeleton } from "@/components/ui/skeleton";
import { seriesLeaf } from "@/lib/charts/panels";
import type { RunLook } from "@/lib/compare/run-looks";
import type { TailStore } from "@/lib/compare/tail-store";
import { formatInteger, formatSeriesValue } from "@/lib/format/number";
import { visibleText } from "@/lib/format/visible-text";
import { useOnScreen } from "@/lib/hooks/use-on-screen";
import { type Highlight, useHighlighted } from "./highlight";
import { useOverlay } from "./use-overlay";

/** What is drawn as a line: a run, or a group of runs. */
export interface DrawnLine {
  id: string;
  label: string;
  look: RunLook;
}

export interface ComparePanelProps {
  name: string;
  ids: readonly string[];
  lines: readonly DrawnLine[];
  groups: readonly { key: string; ids: readonly string[] }[] | null;
  tail: TailStore;
  zoom: { from: number; to: number } | null;
  smoothing: number;
  logarithmic: boolean;
  highlight: Highlight;
  onZoom: (range: { from: number; to: number } | null) => void;
}

const syncKey = "compare";

/** One series of all runs; off the screen it keeps its place and rests. */
export const ComparePanel = memo(function ComparePanel(props: ComparePanelProps) {
  const { name, ids, lines, groups, zoom, highlight } = props;
  const box = useRef<HTMLElement>(null);
  const onScreen = useOnScreen(box);
  const [wide, setWide] = useState(false);
  const [point, setPoint] = useState<OverlayPoint | null>(null);
  const highlighted = useHighlighted(highlight);
  const { overlay, loading, error, retry } = useOverlay({
    name,
    ids,
    groups,
    tail: props.tail,
    zoom,
    smoothing: props.smoothing,
    enabled: onScreen,
  });

  const drawn = useMemo(() => {
    const byId = new Map(overlay.lines.map((line) => [line.id, line]));
    return lines.flatMap(({ id, label, look }) => {
      const line = byId.get(id);
      return line?.last ? [{ ...line, label, colour: look.colour, dash: look.dash }] : [];
    });
  }, [overlay, lines]);
  const range = zoom ?? {
    from: overlay.x[0] ?? 0,
    to: Math.max(overlay.x.at(-1) ?? 1, (overlay.x[0] ?? 0) + 1),
  };
  const title = visibleText(seriesLeaf(name));

  return (
    <section
      ref={box}
      aria-label={visibleText(name)}
      data-series={name}
      data-lines={drawn.length}
      className={cn(
        "group/panel relative flex min-w-0 flex-col rounded-lg border border-line bg-surface",
        wide ? "col-span-full h-110" : "h-64",
      )}
    >
      <header className="flex h-8 min-w-0 items-center gap-2 pr-1 pl-3">
        <h3 className="min-w-0 flex-1 truncate text-sm font-medium text-ink" title={name}>
          {title}
        </h3>
        <IconButton
          label={wide ? "Make smaller" : "Make larger"}
          size="sm"
          className="opacity-0 group-hover/panel:opacity-100 focus-visible:opacity-100 pointer-coarse:opacity-100"
          onClick={() => setWide(!wide)}
        >
          {wide ? <Minimize2 /> : <Maximize2 />}
        </IconButton>
      </header>
      <Reading name={name} x={overlay.x} lines={drawn} point={point} chosen={highlighted} />
      {!onScreen || loading ? (
        <Skeleton className="m-3 flex-1 opacity-30" />
      ) : error && drawn.length === 0 ? (
        <div className="flex flex-1 flex-col items-center justify-center gap-2 text-sm text-muted">
          The history did not load.
          <Button size="sm" onClick={retry}>
            Try again
          </Button>
        </div>
      ) : (
        <div className="relative mx-1 mb-0.5 min-h-0 flex-1">
          <OverlayPanel
            className="absolute inset-0"
            x={overlay.x}
            lines={drawn}
            range={range}
            logarithmic={props.logarithmic}
            highlighted={highlighted}
            bands={groups !== null || (drawn.length <= 4 && props.smoothing === 0)}
            syncKey={syncKey}
            onZoom={props.onZoom}
            onPoint={(at) => {
              setPoint(at);
              highlight.set(at?.id ?? null);
            }}
          />
          {drawn.length === 0 ? (
            <p className="pointer-events-none absolute inset-0 flex items-center justify-center text-xs text-muted">
              {zoom ? "No values in these steps" : "No values yet"}
            </p>
          ) : null}
        </div>
      )}
    </section>
  );
});

interface ReadingProps {
  name: string;
  x: readonly number[];
  lines: readonly { id: string; label: string; line: readonly unknown[]; colour: number }[];
  point: OverlayPoint | null;
  chosen: string | null;
}

/** The figure of the line that stands out, at the crosshair or at its end. */
function Reading({ name, x, lines, point, chosen }: ReadingProps) {
  const line = lines.find(({ id }) => id === chosen);
  if (!line) {
    return (
      <p className="h-5 px-3 text-xs text-faint">
        {formatInteger(lines.length)} {lines.length === 1 ? "line" : "lines"}
      </p>
    );
  }
  const cells = line.line.map((cell) => (typeof cell === "number" ? cell : null));
  const index = point?.index ?? cells.findLastIndex((cell) => cell !== null);
  const value = near(cells, index);
  return (
    <p className="nums flex h-5 min-w-0 items-baseline gap-2 px-3 whitespace-nowrap">
      <span className="font-mono text-sm font-medium text-ink">
        {value === null ? "–" : formatSeriesValue(name, value)}
      </span>
      <span className="text-xs text-faint">step {formatInteger(Math.round(x[index] ?? 0))}</span>
      <span className="truncate text-xs" style={{ color: `var(--series-${line.colour})` }}>
        {line.label}
      </span>
    </p>
  );
}
