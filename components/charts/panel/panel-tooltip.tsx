import { formatAxisValue } from "@/lib/charts/axes/axis-ticks";
import type { Picture, PictureStore } from "@/lib/charts/kinds/panel-kind";
import { type PanelPicture, panelReader } from "@/lib/charts/kinds/panel-kinds";
import type { LegendEntry } from "@/lib/charts/panels/legend-entry";
import { formatSeriesValue } from "@/lib/format/number";
import { visibleText } from "@/lib/format/visible-text";
import { usePicture } from "@/lib/hooks/charts/use-picture";
import { cn } from "../../ui/cn";
import { type Crosshair, type CrosshairStore, useCrosshair } from "./crosshair-store";
import { type Highlight, useHighlighted } from "./highlight";
import { LineSwatch } from "./line-swatch";

interface PanelTooltipProps {
  entries: readonly LegendEntry[];
  store: PictureStore<PanelPicture>;
  crosshairStore: CrosshairStore;
  highlight: Highlight;
}

/** All values at the pointer; nothing while the pointer is elsewhere. */
export function PanelTooltip(props: PanelTooltipProps) {
  const crosshair = useCrosshair(props.crosshairStore);
  return crosshair?.own ? <Values {...props} crosshair={crosshair} /> : null;
}

/** The most rows shown beside the pointer. */
const shownRows = 12;
const whole = (picture: PanelPicture) => picture;

function Values({
  entries,
  store,
  highlight,
  crosshair,
}: PanelTooltipProps & { crosshair: Crosshair }) {
  const picture = usePicture(store, whole);
  const highlighted = useHighlighted(highlight);
  const perPixel = (picture.range.max - picture.range.min) / crosshair.plot.width;
  const readings = panelReader(picture).at(picture, crosshair.x, perPixel * 24);
  const values = new Map(readings.map(({ id, value }) => [id, value]));
  const rows = entries
    .flatMap((info) => {
      const value = values.get(info.id);
      return value === undefined ? [] : { ...info, value };
    })
    .sort((a, b) => b.value - a.value);
  if (rows.length === 0) return null;
  const place = rows.findIndex(({ id }) => id === highlighted);
  // Of many rows, those around the highlighted one are shown.
  const start = Math.max(0, Math.min(rows.length - shownRows, place - Math.floor(shownRows / 2)));
  const shown = rows.slice(start, start + shownRows);
  const aside = crosshair.left > crosshair.plot.width / 2;
  return (
    <div
      role="status"
      aria-live="off"
      data-tooltip
      className="pointer-events-none absolute z-10 w-max max-w-64 rounded-md border border-line bg-surface px-2 py-1 text-xs shadow-popup"
      style={{
        top: 4,
        left: crosshair.plot.offset + crosshair.left,
        transform: `translateX(${aside ? "calc(-100% - 12px)" : "12px"})`,
      }}
    >
      <p className="nums text-faint">
        {formatAxisValue(picture.axis, xShown(picture, crosshair.x))}
      </p>
      <ul>
        {shown.map(({ id, label, lineStyle, series, value }) => (
          <li
            key={id}
            className={cn("flex items-center gap-2", id === highlighted && "font-medium text-ink")}
          >
            <LineSwatch lineStyle={lineStyle} />
            <span className="min-w-0 flex-1 truncate">{visibleText(label)}</span>
            <span className="nums font-mono">{formatSeriesValue(series, value)}</span>
          </li>
        ))}
      </ul>
      {rows.length > shown.length ? (
        <p className="text-faint">{rows.length - shown.length} more</p>
      ) : null}
    </div>
  );
}

function xShown({ axis }: Picture, x: number): number {
  return axis === "step" ? Math.max(0, Math.round(x)) : x;
}
