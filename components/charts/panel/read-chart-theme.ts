import type { ChartTheme } from "@/lib/charts/style/chart-theme";
import { seriesColours } from "@/lib/charts/style/series-colour";

/** Reads the page's design tokens as they apply to the element: a canvas knows no CSS variables. */
export function readChartTheme(element: Element): ChartTheme {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    lines: Array.from({ length: seriesColours }, (_, index) => token(`--series-${index + 1}`)),
    grid: token("--line"),
    axis: token("--faint"),
    marker: token("--muted"),
    markerText: token("--muted"),
    surface: token("--surface"),
    gap: token("--state-failed"),
    fontFamily: style.fontFamily,
  };
}
