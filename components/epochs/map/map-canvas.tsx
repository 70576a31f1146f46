"use client";

import { useTheme } from "next-themes";
import {
  type KeyboardEvent,
  type PointerEvent,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { visibleText } from "@/lib/format/visible-text";
import { useElementSize } from "@/lib/hooks/use-element-size";
import { type MapData, useSampleNames } from "@/lib/hooks/use-prediction-map";
import type { EpochChoice } from "@/lib/predictions/epoch-choice";
import { cellAt } from "@/lib/predictions/learning-map";
import {
  cellPalette,
  cellUnder,
  layOutMap,
  type MapCellPlace,
  type MapColouring,
  mapColours,
  moveCell,
  type RowHeight,
} from "@/lib/predictions/map-picture";
import { describeCell, describeSample } from "./describe-cell";
import { drawMap, smallestWithName } from "./draw-map";
import { MapTip } from "./map-tip";

interface MapCanvasProps {
  jobId: string;
  data: MapData;
  order: Uint32Array;
  colouring: MapColouring;
  rowHeight: RowHeight;
  choice: EpochChoice;
  selected: number | null;
  onOpen: (sample: number, epoch: number) => void;
  /** The summary that describes the map in words. */
  describedBy: string;
}

const gutterWidth = 92;

/** Samples × epochs on a canvas: only what is in view is drawn, however many there are. */
export function MapCanvas(props: MapCanvasProps) {
  const { data, order, colouring, rowHeight, choice, selected, onOpen } = props;
  const { map, learning } = data;
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const view = useElementSize(box);
  const [top, setTop] = useState(0);
  const [active, setActive] = useState<MapCellPlace | null>(null);
  const [hovered, setHovered] = useState(false);
  const { resolvedTheme } = useTheme();
  const theme = resolvedTheme === "dark" ? "dark" : "light";
  const palette = useMemo(() => cellPalette(mapColours[theme], colouring), [theme, colouring]);
  const size = useMemo(
    () => ({ samples: order.length, epochs: map.epochs.length }),
    [order, map.epochs.length],
  );
  const { layout, gutter } = useMemo(() => {
    const bare = layOutMap(size, view, rowHeight);
    const named = bare.rowHeight >= smallestWithName ? gutterWidth : 0;
    return {
      layout: layOutMap(size, { ...view, width: view.width - named }, rowHeight),
      gutter: named,
    };
  }, [size, view, rowHeight]);

  const names = useNames(props, { top, height: view.height, layout, gutter, active });
  const selectedPlace = useMemo(
    () => (selected === null ? null : order.indexOf(selected)),
    [selected, order],
  );

  // The canvas: at most once a frame.
  useLayoutEffect(() => {
    const frame = requestAnimationFrame(() => {
      const [element, scroller] = [canvas.current, box.current];
      if (!element || !scroller) return;
      const style = getComputedStyle(scroller);
      const token = (name: string) => style.getPropertyValue(name).trim();
      drawMap(element, {
        map,
        order,
        palette,
        layout,
        gutter,
        scroll: { left: scroller.scrollLeft, top: scroller.scrollTop },
        view,
        epochIndex: map.epochs.indexOf(choice.epoch),
        compareIndex: choice.compare === null ? null : map.epochs.indexOf(choice.compare),
        selectedPlace: selectedPlace === -1 ? null : selectedPlace,
        active,
        nameAt: (sample) => {
          const name = names.get(sample)?.prompt;
          return name === undefined ? undefined : visibleText(name.slice(0, 40));
        },
        colours: {
          ink: token("--ink"),
          muted: token("--muted"),
          accent: token("--accent-ink"),
          surface: token("--surface"),
        },
        font: `11px ${style.fontFamily}`,
      });
    });
    return () => cancelAnimationFrame(frame);
  });

  const cellOf = (event: PointerEvent): MapCellPlace | null => {
    const scroller = box.current;
    if (!scroller) return null;
    const bounds = scroller.getBoundingClientRect();
    return cellUnder(layout, size, {
      x: event.clientX - bounds.left + scroller.scrollLeft - gutter,
      y: event.clientY - bounds.top + scroller.scrollTop,
    });
  };
  const show = (cell: MapCellPlace | null) => {
    if (cell?.place !== active?.place || cell?.epochIndex !== active?.epochIndex) setActive(cell);
  };
  const open = (cell: MapCellPlace | null) => {
    const epoch = cell ? map.epochs[cell.epochIndex] : undefined;
    if (cell && epoch !== undefined) onOpen(order[cell.place] ?? 0, epoch);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    const at = active ?? { place: Math.max(0, selectedPlace ?? 0), epochIndex: choice.index };
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      open(at);
      return;
    }
    const page = Math.max(1, Math.floor(view.height / layout.rowHeight) - 1);
    const to = active ? moveCell(at, event.key, size, page) : at;
    if (!to || !moveCell(at, event.key, size, page)) return;
    event.preventDefault();
    show(to);
    scrollTo(box.current, to.place * layout.rowHeight, layout.rowHeight);
  };

  const sample = active ? (order[active.place] ?? 0) : null;
  const spoken =
    active && sample !== null
      ? {
          name: names.get(sample)?.prompt ?? `sample ${sample}`,
          cell: describeCell(cellAt(map, active.epochIndex, sample)),
          epoch: map.epochs[active.epochIndex] ?? 0,
          course: describeSample(data, sample),
        }
      : null;

  // biome-ignore-start lint/a11y/useFocusableInteractive: the grid has the focus, its active cell is named by it.
  // biome-ignore-start lint/a11y/useSemanticElements: the cells are on the canvas.
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={box}
        role="grid"
        tabIndex={0}
        aria-label="Learning map: a row a sample, a column an epoch"
        aria-describedby={props.describedBy}
        aria-rowcount={size.samples}
        aria-colcount={size.epochs}
        aria-activedescendant={spoken ? `${id}-cell` : undefined}
        data-gutter={gutter}
        data-row-height={layout.rowHeight}
        data-column-width={layout.columnWidth}
        className="absolute inset-0 overflow-auto overscroll-contain outline-offset-[-2px]"
        onScroll={(event) => setTop(event.currentTarget.scrollTop)}
        onPointerMove={(event) => {
          if (event.pointerType !== "mouse") return;
          setHovered(true);
          show(cellOf(event));
        }}
        onPointerLeave={() => {
          setHovered(false);
          show(null);
        }}
        onClick={(event) => open(cellOf(event as unknown as PointerEvent))}
        onKeyDown={onKeyDown}
        onBlur={() => show(null)}
      >
        <div style={{ height: layout.height, width: gutter + layout.width }}>
          <canvas
            ref={canvas}
            aria-hidden
            className="sticky top-0 left-0 block"
            style={{ width: view.width, height: view.height }}
          />
        </div>
        {spoken && active ? (
          <div role="row" aria-rowindex={active.place + 1} className="sr-only">
            <div
              role="gridcell"
              id={`${id}-cell`}
              aria-colindex={active.epochIndex + 1}
              aria-selected={sample === selected}
            >
              {spoken.name}, epoch {spoken.epoch}: {spoken.cell}. {spoken.course}
            </div>
          </div>
        ) : null}
      </div>
      {spoken && active ? (
        <MapTip
          {...spoken}
          hovered={hovered}
          x={gutter + (active.epochIndex + 0.5) * layout.columnWidth}
          y={active.place * layout.rowHeight - top}
          rowHeight={layout.rowHeight}
          view={view}
        />
      ) : null}
      <span className="sr-only" aria-live="polite">
        {learning.totals.samples} samples
      </span>
    </div>
  );
  // biome-ignore-end lint/a11y/useSemanticElements: the cells are on the canvas.
  // biome-ignore-end lint/a11y/useFocusableInteractive: the grid has the focus, its active cell is named by it.
}

function scrollTo(box: HTMLElement | null, y: number, height: number): void {
  if (!box) return;
  if (y < box.scrollTop) box.scrollTop = y;
  else if (y + height > box.scrollTop + box.clientHeight) {
    box.scrollTop = y + height - box.clientHeight;
  }
}

interface NamesInView {
  top: number;
  height: number;
  layout: { rowHeight: number };
  gutter: number;
  active: MapCellPlace | null;
}

/** Names of the rows in view where they are shown, else of the row that is pointed at. */
function useNames({ jobId, order }: MapCanvasProps, view: NamesInView) {
  const { top, height, layout, gutter, active } = view;
  const first = Math.floor(top / layout.rowHeight);
  const last = Math.ceil((top + height) / layout.rowHeight);
  const place = active?.place ?? null;
  const ids = useMemo(() => {
    if (gutter > 0) return [...order.subarray(first, last + 1)];
    return place === null ? [] : [...order.subarray(place, place + 1)];
  }, [gutter, order, first, last, place]);

  return useSampleNames(jobId, ids);
}
