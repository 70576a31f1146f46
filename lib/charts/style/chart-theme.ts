/** The colours and the font that a chart is drawn with. */
export interface ChartTheme {
  /** The series colours; colour 1 of a line style is the first. */
  lines: readonly string[];
  grid: string;
  axis: string;
  marker: string;
  markerText: string;
  surface: string;
  /** Marks of values that are not finite or outside the axis. */
  gap: string;
  fontFamily: string;
}

export function lineColour(theme: ChartTheme, colour: number): string {
  return theme.lines[colour - 1] ?? theme.axis;
}
