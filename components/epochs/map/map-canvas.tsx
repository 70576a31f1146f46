"use client";

import { type KeyboardEvent, useId, useMemo, useRef, useState } from "react";
import { useElementSize } from "@/lib/hooks/page/use-element-size";
import type { EpochChoice } from "@/lib/predictions/epoch-choice";
import {
  cellUnder,
  type MapCellPlace,
  moveCell,
  type RowHeight,
} from "@/lib/predictions/map/map-picture";
import { describeSample, describeView } from "./describe-cell";
import { EventStrip, stripHeight } from "./event-strip";
import { MapTip } from "./map-tip";
import { useMapDrawing } from "./use-map-drawing";
import { useMapLayout, useMapNames } from "./use-map-layout";
import type { MapView } from "./use-map-view";

interface MapCanvasProps {
  jobId: string;
  view: MapView;
  rowHeight: RowHeight;
  choice: EpochChoice;
  selected: number | null;
  onOpen: (sample: number, epoch: number) => void;
  /** The id of the element that summarises the map. */
  describedBy: string;
}

/** Samples × epochs on a canvas; only the visible part is drawn. */
export function MapCanvas(props: MapCanvasProps) {
  const { view: mapView, choice, selected, onOpen } = props;
  const { data, order, cells: map, scale } = mapView;
  const strip = stripHeight(data);
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const room = useRef<HTMLDivElement>(null);
  const { width, height } = useElementSize(room);
  const space = { width, height: Math.max(0, height - strip) };
  const [top, setTop] = useState(0);
  const [active, setActive] = useState<MapCellPlace | null>(null);
  const size = { samples: order.length, epochs: map.epochs.length };
  const { layout, gutter } = useMapLayout(size.samples, size.epochs, space, props.rowHeight);
  const view = { width, height: Math.min(space.height, layout.height) };
  const names = useMapNames(props.jobId, {
    order,
    layout,
    gutter,
    top,
    height: view.height,
    active,
  });
  const selectedPlace = useMemo(() => {
    const place = selected === null ? -1 : order.indexOf(selected);
    return place === -1 ? null : place;
  }, [selected, order]);
  useMapDrawing(canvas, box, {
    map,
    order,
    scale,
    layout,
    gutter,
    view,
    epochIndex: map.epochs.indexOf(choice.epoch),
    compareIndex: choice.compare === null ? null : map.epochs.indexOf(choice.compare),
    selectedPlace,
    active,
    names,
  });

  const cellOf = (point: { clientX: number; clientY: number }): MapCellPlace | null => {
    const scroller = box.current;
    if (!scroller) return null;
    const bounds = scroller.getBoundingClientRect();
    return cellUnder(layout, size, {
      x: point.clientX - bounds.left + scroller.scrollLeft - gutter,
      y: point.clientY - bounds.top + scroller.scrollTop,
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
    const at = active ?? { place: selectedPlace ?? 0, epochIndex: choice.index };
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      open(at);
      return;
    }
    const page = Math.max(1, Math.floor(view.height / layout.rowHeight) - 1);
    const moved = moveCell(at, event.key, size, page);
    if (!moved) return;
    event.preventDefault();
    // The first key press only shows the current cell.
    const to = active ? moved : at;
    show(to);
    scrollIntoView(box.current, to.place * layout.rowHeight, layout.rowHeight);
  };
  const sample = active ? (order[active.place] ?? 0) : null;
  const description =
    active && sample !== null ? describeActive(mapView, active.epochIndex, sample) : null;
  const name = sample === null ? "" : (names.get(sample)?.prompt ?? `sample ${sample}`);

  return (
    <div ref={room} className="min-h-0 flex-1">
      <div className="relative" style={{ height: view.height }}>
        {/* biome-ignore-start lint/a11y/useSemanticElements: the cells are on the canvas. */}
        <div
          ref={box}
          role="grid"
          tabIndex={0}
          aria-label="Learning map: one row per sample, one column per epoch"
          aria-describedby={props.describedBy}
          aria-rowcount={size.samples}
          aria-colcount={size.epochs}
          aria-activedescendant={description ? `${id}-cell` : undefined}
          data-gutter={gutter}
          data-row-height={layout.rowHeight}
          data-column-width={layout.columnWidth}
          className="absolute inset-0 overflow-auto overscroll-contain outline-offset-[-2px]"
          onScroll={(event) => setTop(event.currentTarget.scrollTop)}
          onPointerMove={(event) => {
            if (event.pointerType === "mouse") show(cellOf(event));
          }}
          onPointerLeave={() => show(null)}
          onClick={(event) => open(cellOf(event))}
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
          {description && active ? (
            <div role="row" aria-rowindex={active.place + 1} tabIndex={-1} className="sr-only">
              <div
                role="gridcell"
                tabIndex={-1}
                id={`${id}-cell`}
                aria-colindex={active.epochIndex + 1}
                aria-selected={sample === selected}
              >
                {name}, epoch {description.epoch}: {description.cell}. {description.learning}
              </div>
            </div>
          ) : null}
        </div>
        {/* biome-ignore-end lint/a11y/useSemanticElements: the cells are on the canvas. */}
        {description && active ? (
          <MapTip
            {...description}
            name={name}
            x={gutter + (active.epochIndex + 0.5) * layout.columnWidth}
            y={active.place * layout.rowHeight - top}
            rowHeight={layout.rowHeight}
            view={view}
          />
        ) : null}
      </div>
      <EventStrip data={data} layout={layout} gutter={gutter} />
    </div>
  );
}

function describeActive(view: MapView, epochIndex: number, sample: number) {
  return {
    epoch: view.data.map.epochs[epochIndex] ?? 0,
    cell: describeView(view, epochIndex, sample),
    learning: describeSample(view.data, sample),
  };
}

function scrollIntoView(box: HTMLElement | null, y: number, height: number): void {
  if (!box) return;
  if (y < box.scrollTop) box.scrollTop = y;
  else if (y + height > box.scrollTop + box.clientHeight) {
    box.scrollTop = y + height - box.clientHeight;
  }
}
