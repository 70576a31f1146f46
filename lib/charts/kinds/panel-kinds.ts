import type { CsvValue } from "@signalbox/protocol/wire/csv";
import type { Pen } from "../drawing/pen.ts";
import type { PlotArea } from "../drawing/plot-area.ts";
import type { ChartTheme } from "../style/chart-theme.ts";
import { lineKind } from "./line/line-kind.ts";
import type { LinePicture } from "./line/line-picture.ts";
import type { PreparedLines } from "./line/prepare-lines.ts";
import type { PanelKind, PanelReader, PanelView, TableOptions } from "./panel-kind.ts";

/** Every kind of panel with its types. A kind added here must be in `panelKinds`, too. */
interface PanelTypes {
  line: { picture: LinePicture; prepared: PreparedLines };
}

type PanelKindName = keyof PanelTypes;

export type PanelPicture<K extends PanelKindName = PanelKindName> = {
  [Name in K]: { kind: Name } & PanelTypes[Name]["picture"];
}[K];

export type PreparedPanel<K extends PanelKindName = PanelKindName> = {
  [Name in K]: { kind: Name } & PanelTypes[Name]["prepared"];
}[K];

const panelKinds: {
  readonly [Name in PanelKindName]: PanelKind<PanelPicture<Name>, PreparedPanel<Name>>;
} = { line: lineKind };

export function preparePanel<K extends PanelKindName>(
  picture: PanelPicture<K>,
  view: PanelView,
): PreparedPanel<K> {
  return panelKinds[picture.kind].prepare(picture, view);
}

export function drawPanel<K extends PanelKindName>(
  pen: Pen,
  area: PlotArea,
  prepared: PreparedPanel<K>,
  theme: ChartTheme,
): void {
  panelKinds[prepared.kind].draw(pen, area, prepared, theme);
}

export function panelReader<K extends PanelKindName>(
  picture: PanelPicture<K>,
): PanelReader<PanelPicture<K>> {
  return panelKinds[picture.kind].read;
}

export function panelTable<K extends PanelKindName>(
  picture: PanelPicture<K>,
  options: TableOptions,
): CsvValue[][] {
  return panelKinds[picture.kind].table(picture, options);
}
