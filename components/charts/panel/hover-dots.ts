import type uPlot from "uplot";
import type { Reading } from "@/lib/charts/kinds/panel-kind";
import { type ChartTheme, lineColour } from "@/lib/charts/style/chart-theme";
import { defaultLineStyle, type LineStyle } from "@/lib/charts/style/line-style";

export interface HoverDots {
  /** Shows a dot for each reading at a position of the x axis, and no others. */
  show: (readings: readonly Reading[], x: number) => void;
}

const size = 7;

/** Dots where the crosshair meets the lines. */
export function createHoverDots(
  chart: uPlot,
  theme: ChartTheme,
  lineStyles: () => ReadonlyMap<string, LineStyle>,
): HoverDots {
  const dots: HTMLElement[] = [];
  const dotAt = (index: number): HTMLElement => {
    const known = dots[index];
    if (known) return known;
    const dot = document.createElement("div");
    Object.assign(dot.style, {
      position: "absolute",
      top: "0",
      left: "0",
      width: `${size}px`,
      height: `${size}px`,
      margin: `${-size / 2}px`,
      borderRadius: "50%",
      pointerEvents: "none",
    });
    dots.push(dot);
    chart.over.append(dot);
    return dot;
  };
  return {
    show: (readings, x) => {
      for (const [index, { id, value }] of readings.entries()) {
        const dot = dotAt(index);
        const { colour } = lineStyles().get(id) ?? defaultLineStyle;
        dot.style.background = lineColour(theme, colour);
        dot.style.transform = `translate(${chart.valToPos(x, "x")}px, ${chart.valToPos(value, "y")}px)`;
        dot.style.display = "";
      }
      for (const dot of dots.slice(readings.length)) dot.style.display = "none";
    },
  };
}
