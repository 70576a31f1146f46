import { useTheme } from "next-themes";
import { type RefObject, useLayoutEffect, useMemo } from "react";
import { visibleText } from "@/lib/format/visible-text";
import type { SampleName } from "@/lib/hooks/predictions/use-prediction-map";
import { cellPalette, type MapScale, mapColours } from "@/lib/predictions/map/map-colours";
import { drawMap, type MapScene } from "./draw-map";

interface Drawing
  extends Omit<MapScene, "palette" | "scroll" | "nameAt" | "colours" | "fontFamily"> {
  scale: MapScale;
  names: ReadonlyMap<number, SampleName>;
}

/** Draws the map after every change, at most once per frame. */
export function useMapDrawing(
  canvas: RefObject<HTMLCanvasElement | null>,
  box: RefObject<HTMLElement | null>,
  { scale, names, ...scene }: Drawing,
): void {
  const { resolvedTheme } = useTheme();
  const theme = resolvedTheme === "dark" ? "dark" : "light";
  const palette = useMemo(() => cellPalette(mapColours[theme], scale), [theme, scale]);

  // The canvas.
  useLayoutEffect(() => {
    const frame = requestAnimationFrame(() => {
      const [element, scroller] = [canvas.current, box.current];
      if (!element || !scroller) return;
      const style = getComputedStyle(scroller);
      const token = (name: string) => style.getPropertyValue(name).trim();
      drawMap(element, {
        ...scene,
        palette,
        scroll: { left: scroller.scrollLeft, top: scroller.scrollTop },
        nameAt: (sample) => {
          const name = names.get(sample)?.prompt;
          return name === undefined ? undefined : visibleText(name.slice(0, 40));
        },
        colours: {
          ink: token("--ink"),
          muted: token("--muted"),
          accent: token("--accent-ink"),
          surface: token("--surface"),
        },
        fontFamily: style.fontFamily,
      });
    });
    return () => cancelAnimationFrame(frame);
  });
}
