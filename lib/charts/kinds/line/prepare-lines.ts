import type { Marker } from "../../axes/markers.ts";
import { moveToAxis } from "../../axes/zoom.ts";
import type { PanelSettings } from "../../panels/panel-settings.ts";
import type { GapMark, PreparedSeries } from "../../series/prepare-series.ts";
import { smoothOf } from "../../series/smooth.ts";
import { defaultLineStyle, type LineStyle } from "../../style/line-style.ts";
import type { PanelView } from "../panel-kind.ts";
import { hasEnvelope, type PanelBounds, panelBounds } from "./line-bounds.ts";
import type { LinePicture } from "./line-picture.ts";

/** One line with everything that its drawing needs to know. */
export interface PreparedLine {
  id: string;
  series: PreparedSeries;
  style: LineStyle;
  /** Drawn in front of the faded measured line; null without smoothing. */
  smooth: readonly (number | null)[] | null;
  /** Whether its band is drawn, or only the extremes that the line would hide. */
  envelope: boolean;
  opacity: number;
}

export interface PreparedLines {
  kind: "line";
  bounds: PanelBounds;
  /** From back to front. */
  lines: readonly PreparedLine[];
  /** Marks of all lines in one row, ascending: a NaN of any of them shows. */
  gaps: readonly GapMark[];
  /** With their positions on the x axis as steps. */
  markers: readonly Marker[];
  settings: PanelSettings;
}

const dimmedOpacity = 0.18;

/** Everything that a line panel draws; the highlighted line is drawn last. */
export function prepareLines(picture: LinePicture, view: PanelView): PreparedLines {
  const { settings, lineStyles, highlighted } = view;
  const { lines } = picture;
  const front = lines.filter(({ id }) => id === highlighted);
  const ordered =
    front.length > 0 ? [...lines.filter(({ id }) => id !== highlighted), ...front] : lines;
  return {
    kind: "line",
    bounds: panelBounds(picture, settings),
    lines: ordered.map(({ id, series }) => ({
      id,
      series,
      style: lineStyles.get(id) ?? defaultLineStyle,
      smooth: smoothOf(series, settings),
      envelope: hasEnvelope(lines, id, highlighted),
      opacity: front.length > 0 && id !== highlighted ? dimmedOpacity : 1,
    })),
    gaps: lines.flatMap(({ series }) => series.gaps).sort((a, b) => a.x - b.x),
    markers: markersOnAxis(picture, view.markers),
    settings,
  };
}

function markersOnAxis({ axis, lines }: LinePicture, markers: readonly Marker[]) {
  if (axis === "step" || markers.length === 0) return markers;
  const scale = lines.find((line) => line.scale?.toX(0) !== null)?.scale;
  return scale ? moveToAxis(markers, scale) : [];
}
