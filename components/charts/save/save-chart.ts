import { csvText } from "@signalbox/protocol/csv";
import type { Marker } from "@/lib/charts/axes/markers";
import { panelSvg } from "@/lib/charts/export/panel-svg";
import { type PanelPicture, panelTable, preparePanel } from "@/lib/charts/kinds/panel-kinds";
import type { PanelSettings } from "@/lib/charts/panels/panel-settings";
import type { PanelLineInfo } from "../panel/chart-panel";
import { readChartTheme } from "../panel/read-chart-theme";
import { fileName, saveFile, svgToPng } from "./save-file";

export type ChartFileKind = "svg" | "png" | "csv";

export interface ChartToSave {
  title: string;
  /** The parts of the file name. */
  file: readonly string[];
  picture: PanelPicture;
  settings: PanelSettings;
  markers: readonly Marker[];
  lines: readonly PanelLineInfo[];
  /** What a line is, as the heading of its column: a series, a run. */
  of: string;
}

function svgText({ title, picture, settings, markers, lines }: ChartToSave): string {
  const lineStyles = new Map(lines.map(({ id, lineStyle }) => [id, lineStyle]));
  return panelSvg({
    title,
    prepared: preparePanel(picture, { settings, lineStyles, markers, highlighted: null }),
    settings,
    entries: lines,
    theme: readChartTheme(document.documentElement),
  });
}

/** Downloads what a panel shows. */
export async function saveChart(chart: ChartToSave, kind: ChartFileKind): Promise<void> {
  const file = fileName(chart.file, kind);
  if (kind === "csv") {
    const labels = new Map(chart.lines.map(({ id, label }) => [id, label]));
    const rows = panelTable(chart.picture, {
      labels: chart.lines.length > 1 ? labels : null,
      of: chart.of,
    });
    saveFile(file, new Blob([csvText(rows)], { type: "text/csv" }));
    return;
  }
  const svg = svgText(chart);
  saveFile(file, kind === "png" ? await svgToPng(svg) : new Blob([svg], { type: "image/svg+xml" }));
}
