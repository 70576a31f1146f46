/** The colours a canvas needs, read from the page's tokens. */
export interface ChartTheme {
  line: string;
  band: string;
  /** The band's outline: a spike one pixel wide has hardly any area to be seen by. */
  edge: string;
  grid: string;
  axis: string;
  marker: string;
  markerText: string;
  surface: string;
  gap: string;
  font: string;
}

function transparent(colour: string, percent: number): string {
  return `color-mix(in srgb, ${colour} ${percent}%, transparent)`;
}

/** Reads the theme as the element sees it; `colour` is a place in the series sequence, 1–8. */
export function readChartTheme(element: Element, colour: number): ChartTheme {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim();
  const line = token(`--series-${colour}`);
  return {
    line,
    band: transparent(line, 20),
    edge: transparent(line, 45),
    grid: token("--line"),
    axis: token("--faint"),
    marker: token("--muted"),
    markerText: token("--muted"),
    surface: token("--surface"),
    gap: token("--state-failed"),
    font: `11px ${style.fontFamily}`,
  };
}
