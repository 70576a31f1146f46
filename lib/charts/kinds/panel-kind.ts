import type { CsvValue } from "@signalbox/protocol/wire/csv";
import type { Marker } from "../axes/markers.ts";
import type { XAxis, XRange } from "../axes/x-axis.ts";
import type { Pen } from "../drawing/pen.ts";
import type { PlotArea } from "../drawing/plot-area.ts";
import type { PanelSettings } from "../panels/panel-settings.ts";
import type { ChartTheme } from "../style/chart-theme.ts";
import type { LineStyle } from "../style/line-style.ts";

/** What the picture of every kind has, whatever it shows. */
export interface Picture {
  readonly axis: XAxis;
  /** The part of the x axis that is shown. */
  readonly range: XRange;
}

/** Where the current picture of a panel is read and followed. */
export interface PictureStore<P extends Picture> {
  get: () => P;
  subscribe: (listener: () => void) => () => void;
}

/** What the reader has chosen for a panel. */
export interface PanelView {
  readonly settings: PanelSettings;
  /** The style of each entry of the legend, by its id. */
  readonly lineStyles: ReadonlyMap<string, LineStyle>;
  /** The highlighted entry; the others are dimmed. */
  readonly highlighted: string | null;
  readonly markers: readonly Marker[];
}

/** What the prepared form of every kind has: the ends of both axes. */
export interface Prepared {
  readonly bounds: { readonly x: XRange; readonly y: XRange };
}

/** The value of one legend entry at a position of the x axis. */
export interface Reading {
  id: string;
  value: number;
}

/** The figures of one entry in words. */
export interface ReadingText {
  value: string;
  /** The steps it is of. */
  at: string;
  /** Lowest and highest, if the steps hold more than one value. */
  range: string | null;
}

/** How the crosshair, the legend and screen readers read a picture. */
export interface PanelReader<P extends Picture> {
  /** The entries of the legend. */
  ids(picture: P): string[];
  /** The values at `x`, of entries that have one no further away than `reach`. */
  at(picture: P, x: number, reach: number): Reading[];
  /** The readings among `readings` that get a dot on the plot. */
  dots(picture: P, readings: readonly Reading[], highlighted: string | null): Reading[];
  /** One entry's value at `x`, or its last one; null if it has none. */
  value(picture: P, id: string, x: number | null): number | null;
  /**
   * The only entry's figures at the stop `index`, or its last ones; `series` sets their notation.
   * Null if there are none, and for the mean of a group.
   */
  text(picture: P, series: string, index: number | null): ReadingText | null;
  /** The x positions that the keyboard's crosshair visits, ascending. */
  stops(picture: P): readonly number[];
  /** The whole picture in words; `names` maps entries to series. */
  describe(picture: P, names: ReadonlyMap<string, string>): string;
}

export interface TableOptions {
  /** The labels of the entries, if there are several. */
  labels: ReadonlyMap<string, string> | null;
  /** What an entry is, as the heading of its column: a series, a run. */
  of: string;
}

/**
 * A kind of panel. The panel component, the tooltip and the saved files know panels by these
 * functions only. All of them are pure.
 */
export interface PanelKind<P extends Picture, Ready extends Prepared> {
  /** Decides everything that is drawn: bounds, order, smoothing, styles. */
  prepare(picture: P, view: PanelView): Ready;
  /** Draws what was prepared into the area; decides nothing. */
  draw(pen: Pen, area: PlotArea, prepared: Ready, theme: ChartTheme): void;
  read: PanelReader<P>;
  /** The rows of the CSV file, headings first. */
  table(picture: P, options: TableOptions): CsvValue[][];
}
