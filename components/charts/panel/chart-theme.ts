import { seriesColours } from "@/lib/charts/style/series-colour";

/** The colours a canvas needs, read from the page's tokens. */
export interface ChartTheme {
  /** The series sequence; colour 1 of a line style is the first. */
  lines: readonly string[];
  grid: string;
  axis: string;
  marker: string;
  markerText: string;
  surface: string;
  gap: string;
  font: string;
}

/** Reads the theme as the element sees it. */
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
    font: `11px ${style.fontFamily}`,
  };
}

export function lineColour(theme: ChartTheme, colour: number): string {
  return theme.lines[colour - 1] ?? theme.axis;
}
