import { visibleText } from "@/lib/format/visible-text";

interface MapTipProps {
  name: string;
  cell: string;
  epoch: number;
  learning: string;
  /** The cell's middle and top in the visible part of the map. */
  x: number;
  y: number;
  rowHeight: number;
  view: { width: number; height: number };
}

/** A tooltip for the cell under the pointer or the keyboard focus. */
export function MapTip({ name, cell, epoch, learning, x, y, rowHeight, view }: MapTipProps) {
  const below = y < view.height / 2;
  const left = Math.max(8, Math.min(x - 110, view.width - 228));
  return (
    <div
      aria-hidden
      data-map-tip
      className="pointer-events-none absolute z-10 w-55 rounded-md border border-line bg-surface px-2 py-1.5 text-xs shadow-popup"
      style={{
        left,
        top: below ? y + rowHeight + 8 : undefined,
        bottom: below ? undefined : view.height - y + 8,
      }}
    >
      <bdi dir="auto" className="line-clamp-2 font-medium break-words">
        {visibleText(name)}
      </bdi>
      <p className="nums text-muted">
        epoch {epoch}: {cell}
      </p>
      {learning ? <p className="nums text-faint">{learning}</p> : null}
    </div>
  );
}
