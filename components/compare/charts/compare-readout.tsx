import { type CrosshairStore, useCrosshair } from "@/components/charts/panel/crosshair-store";
import { type Highlight, useHighlighted } from "@/components/charts/panel/highlight";
import { formatAxisValue } from "@/lib/charts/axes/axis-ticks";
import { nearestIndex } from "@/lib/charts/axes/nearest-index";
import type { LinePicture } from "@/lib/charts/kinds/line/line-picture";
import type { LegendEntry } from "@/lib/charts/panels/legend-entry";
import type { PanelStore } from "@/lib/charts/panels/panel-store";
import { formatInteger, formatSeriesValue } from "@/lib/format/number";
import { usePicture } from "@/lib/hooks/charts/use-picture";

interface CompareReadoutProps {
  store: PanelStore;
  crosshairStore: CrosshairStore;
  lines: readonly LegendEntry[];
  highlight: Highlight;
}

const countLines = ({ lines }: LinePicture) =>
  lines.filter(({ series }) => series.x.length > 0).length;

/** The value of the highlighted line, at the crosshair or at its end. */
export function CompareReadout({ store, crosshairStore, lines, highlight }: CompareReadoutProps) {
  const highlighted = useHighlighted(highlight);
  const crosshair = useCrosshair(crosshairStore);
  const count = usePicture(store, countLines);
  const line = lines.find(({ id }) => id === highlighted);
  if (line) return <LineValue store={store} line={line} x={crosshair?.x ?? null} />;
  return (
    <p className="h-5 px-3 text-xs text-faint">
      {formatInteger(count)} {count === 1 ? "line" : "lines"}
    </p>
  );
}

interface LineValueProps {
  store: PanelStore;
  line: LegendEntry;
  x: number | null;
}

const wholePicture = (picture: LinePicture) => picture;

function LineValue({ store, line, x }: LineValueProps) {
  const { axis, lines } = usePicture(store, wholePicture);
  const series = lines.find(({ id }) => id === line.id)?.series;
  const end = (series?.x.length ?? 0) - 1;
  const index = series && x !== null ? (nearestIndex(series.x, x) ?? end) : end;
  const value = series?.line[index] ?? null;
  const place = series?.x[index];
  return (
    <p className="nums flex h-5 min-w-0 items-baseline gap-2 px-3 whitespace-nowrap">
      <span className="font-mono text-sm font-medium text-ink">
        {value === null ? "–" : formatSeriesValue(line.series, value)}
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
