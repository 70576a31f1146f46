import { useMemo } from "react";
import type { LearningMap } from "@/lib/predictions/map/learning-map";
import {
  cellPalette,
  type MapColouring,
  type MapColours,
  mapColours,
} from "@/lib/predictions/map/map-picture";

interface LegendItem {
  label: string;
  fill: (colours: MapColours) => string;
  wide?: boolean;
}

/** The colour of a cell value. */
function colourOf(cell: number, colouring: MapColouring) {
  return (colours: MapColours) => {
    const palette = cellPalette(colours, colouring);
    return `rgb(${palette.slice(cell * 3, cell * 3 + 3).join(" ")})`;
  };
}

function ramp(colours: MapColours): string {
  return `linear-gradient(to right, rgb(${colours.near.join(" ")}), rgb(${colours.far.join(" ")}))`;
}

/** Rendered for both themes; CSS shows the current one. */
function Swatch({ fill, wide = false }: LegendItem) {
  const shape = `${wide ? "w-14" : "w-4"} h-2.5 rounded-xs border border-line`;
  return (
    <>
      <i
        aria-hidden
        className={`${shape} dark:hidden`}
        style={{ background: fill(mapColours.light) }}
      />
      <i
        aria-hidden
        className={`${shape} not-dark:hidden`}
        style={{ background: fill(mapColours.dark) }}
      />
    </>
  );
}

interface MapLegendProps {
  map: LearningMap;
  colouring: MapColouring;
}

/** The legend of the colours that are on the map. */
export function MapLegend({ map, colouring }: MapLegendProps) {
  const items = useMemo<LegendItem[]>(() => {
    const has = (cell: number) => map.cells.some((row) => row.includes(cell));
    const scored = map.cells.some((row) => row.some((cell) => cell > 1));
    const wrong: LegendItem =
      colouring === "error"
        ? { label: "incorrect, error rate 0 to 1", fill: ramp, wide: true }
        : { label: "incorrect", fill: colourOf(3, colouring) };
    return [
      ...(scored ? [{ label: "correct", fill: colourOf(2, colouring) }, wrong] : []),
      ...(has(1) ? [{ label: "no ground truth", fill: colourOf(1, colouring) }] : []),
      ...(has(0) ? [{ label: "no prediction", fill: colourOf(0, colouring) }] : []),
    ];
  }, [map, colouring]);
  return (
    <ul
      aria-label="Legend"
      className="flex flex-wrap items-center gap-x-3 gap-y-1 text-2xs text-muted"
    >
      {items.map((item) => (
        <li key={item.label} className="flex items-center gap-1.5">
          <Swatch {...item} /> {item.label}
        </li>
      ))}
    </ul>
  );
}
