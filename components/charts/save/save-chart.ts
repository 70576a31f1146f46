import { chartCsv } from "@/lib/charts/export/chart-csv";
import { chartSvg } from "@/lib/charts/export/chart-svg";
import { hasEnvelope, panelBounds } from "@/lib/charts/kinds/line/line-bounds";
import type { PanelSettings } from "@/lib/charts/panels/panel-settings";
import type { PanelPicture } from "@/lib/charts/panels/panel-store";
import { smoothOf } from "@/lib/charts/series/smooth";
import type { PanelLineInfo } from "../panel/chart-panel";
import { lineColour, readChartTheme } from "../panel/chart-theme";
import { fileName, saveFile, svgToPng } from "./save-file";

export type ChartFileKind = "svg" | "png" | "csv";

export interface ChartToSave {
  title: string;
  /** What the file is called, part by part. */
  file: readonly string[];
  picture: PanelPicture;
  settings: PanelSettings;
  lines: readonly PanelLineInfo[];
  /** What a line is, as the heading of its column: a series, a run. */
  of: string;
}

function svgOf({ title, picture, settings, lines }: ChartToSave): string {
  const theme = readChartTheme(document.documentElement);
  const infos = new Map(lines.map((line) => [line.id, line]));
  const { x, y } = panelBounds(picture, settings);
  return chartSvg({
    title,
    lines: picture.lines.map(({ id, series }) => {
      const info = infos.get(id);
      return {
        label: info?.label ?? id,
        colour: lineColour(theme, info?.lineStyle.colour ?? 8),
        dash: info?.lineStyle.dash ?? [],
        series,
        smooth: smoothOf(series, settings),
        envelope: hasEnvelope(picture.lines, id, null),
      };
    }),
    axis: picture.axis,
    x,
    y,
    logX: settings.logX,
    logY: settings.logY,
    colours: { ...theme, ink: theme.markerText, faint: theme.axis },
  });
}

/** Hands what a panel shows to the browser's downloads. */
export async function saveChart(chart: ChartToSave, kind: ChartFileKind): Promise<void> {
  const file = fileName(chart.file, kind);
  if (kind === "csv") {
    const labels = new Map(chart.lines.map(({ id, label }) => [id, label]));
    const text = chartCsv(chart.picture, chart.lines.length > 1 ? labels : null, chart.of);
    saveFile(file, new Blob([text], { type: "text/csv" }));
    return;
  }
  const svg = svgOf(chart);
  saveFile(file, kind === "png" ? await svgToPng(svg) : new Blob([svg], { type: "image/svg+xml" }));
}
