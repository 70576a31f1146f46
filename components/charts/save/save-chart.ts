import { csvText } from "@signalbox/protocol/wire/csv";
import { fileName, saveFile } from "@/components/ui/save-file";
import type { Marker } from "@/lib/charts/axes/markers";
import { panelSvg } from "@/lib/charts/export/panel-svg";
import { type PanelPicture, panelTable, preparePanel } from "@/lib/charts/kinds/panel-kinds";
import type { LegendEntry } from "@/lib/charts/panels/legend-entry";
import type { PanelSettings } from "@/lib/charts/panels/panel-settings";
import { readChartTheme } from "../panel/read-chart-theme";
import { svgToPng } from "./svg-to-png";

type ChartFileKind = "svg" | "png" | "csv";

export interface ChartToSave {
  title: string;
  /** The parts of the file name. */
  file: readonly string[];
  picture: PanelPicture;
  settings: PanelSettings;
  markers: readonly Marker[];
  entries: readonly LegendEntry[];
  /** What an entry is, as the heading of its column: a series, a run. */
  of: string;
}

function svgText({ title, picture, settings, markers, entries }: ChartToSave): string {
  const lineStyles = new Map(entries.map(({ id, lineStyle }) => [id, lineStyle]));
  return panelSvg({
    title,
    prepared: preparePanel(picture, { settings, lineStyles, markers, highlighted: null }),
    settings,
    entries,
    theme: readChartTheme(document.documentElement),
  });
}

/** Downloads what a panel shows. */
export async function saveChart(chart: ChartToSave, kind: ChartFileKind): Promise<void> {
  const file = fileName(chart.file, kind);
  if (kind === "csv") {
    const labels = new Map(chart.entries.map(({ id, label }) => [id, label]));
    const rows = panelTable(chart.picture, {
      labels: chart.entries.length > 1 ? labels : null,
      of: chart.of,
    });
    saveFile(file, new Blob([csvText(rows)], { type: "text/csv" }));
    return;
  }
  const svg = svgText(chart);
  saveFile(file, kind === "png" ? await svgToPng(svg) : new Blob([svg], { type: "image/svg+xml" }));
}
