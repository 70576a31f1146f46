import type uPlot from "uplot";
import { hasEnvelope } from "@/lib/charts/kinds/line/line-bounds";
import { valueAt } from "@/lib/charts/kinds/line/nearest";
import type { PanelLine } from "@/lib/charts/panels/panel-store";
import type { LineStyle } from "@/lib/charts/style/line-style";
import { type ChartTheme, lineColour } from "./chart-theme";

export interface HoverDots {
  /** Puts a dot on each line at a place of the x axis; null takes them away. */
  show: (lines: readonly PanelLine[], x: number | null, highlighted: string | null) => void;
}

const size = 7;

/** Dots where the crosshair meets the lines; of many lines, only on the one that stands out. */
export function createHoverDots(
  chart: uPlot,
  theme: ChartTheme,
  lineStyles: () => ReadonlyMap<string, LineStyle>,
): HoverDots {
  const dots: HTMLElement[] = [];
  const dotAt = (place: number): HTMLElement => {
    const known = dots[place];
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
    show: (lines, x, highlighted) => {
      let used = 0;
      for (const line of x === null ? [] : lines) {
        if (!hasEnvelope(lines, line.id, highlighted)) continue;
        const value = valueAt(line, x ?? 0, 0);
        if (value === null) continue;
        const dot = dotAt(used);
        used += 1;
        const left = chart.valToPos(x ?? 0, "x");
        dot.style.background = lineColour(theme, lineStyles().get(line.id)?.colour ?? 8);
        dot.style.transform = `translate(${left}px, ${chart.valToPos(value, "y")}px)`;
        dot.style.display = "";
      }
      for (let place = used; place < dots.length; place += 1) dotAt(place).style.display = "none";
    },
  };
}
