import { useMemo } from "react";
import { formatMetric } from "@/lib/format/number";
import {
  cellPalette,
  firstValueCell,
  type MapColours,
  type MapScale,
  mapColours,
  scoreRamp,
} from "@/lib/predictions/map/map-colours";
import type { ScoreMap } from "@/lib/predictions/map/score-map";
import { measureTitle } from "@/lib/predictions/scores/measure-value";
import { shareLabel } from "../trends/share-label";
import type { MapView } from "./use-map-view";

interface LegendItem {
  label: string;
  fill: (colours: MapColours) => string;
  wide?: boolean;
}

function titleOf({ name }: ScoreMap): string {
  return measureTitle(`scores.${name}`);
}

/** The colour of a cell value. */
function colourOf(cell: number, scale: MapScale) {
  return (colours: MapColours) => {
    const palette = cellPalette(colours, scale);
    return `rgb(${palette.slice(cell * 3, cell * 3 + 3).join(" ")})`;
  };
}

function gradient(ramp: MapColours["error"]): string {
  return `linear-gradient(to right, ${ramp.map((stop) => `rgb(${stop.join(" ")})`).join(", ")})`;
}

/** Rendered for both themes; CSS shows the current one. */
function Swatch({ fill, wide = false }: LegendItem) {
  const shape = `${wide ? "w-14" : "w-4"} h-2.5 shrink-0 rounded-xs border border-line`;
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

/** The items of the values; `has` tells whether a cell value is on the map. */
function valueItems({ scale, score }: MapView, has: (cell: number) => boolean): LegendItem[] {
  switch (scale.kind) {
    case "error":
      return [
        { label: "correct", fill: colourOf(2, scale) },
        {
          label: "incorrect, error rate 0 to 1",
          fill: (colours) => gradient(colours.error),
          wide: true,
        },
      ];
    case "verdict":
      return [
        { label: "correct", fill: colourOf(2, scale) },
        { label: "incorrect", fill: colourOf(3, scale) },
      ];
    case "number": {
      const [low = 0, high = 0] = score?.range ?? [];
      const end = scale.better === "higher" ? "higher is better" : "lower is better";
      return [
        {
          label: `${score ? titleOf(score) : ""} ${formatMetric(low)} to ${formatMetric(high)}, ${end}`,
          fill: (colours) => gradient(scoreRamp(colours, scale.better)),
          wide: true,
        },
      ];
    }
    case "text":
      return [...scale.values, { text: null }].flatMap(({ text }, at) => {
        const cell = firstValueCell + at;
        return has(cell) ? [{ label: shareLabel({ text }), fill: colourOf(cell, scale) }] : [];
      });
  }
}

/** The legend of the colours that are on the map. */
export function MapLegend({ view }: { view: MapView }) {
  const items = useMemo<LegendItem[]>(() => {
    const { cells, scale, score } = view;
    const has = (cell: number) => cells.cells.some((row) => row.includes(cell));
    const measured = cells.cells.some((row) => row.some((cell) => cell >= firstValueCell));
    return [
      ...(measured ? valueItems(view, has) : []),
      ...(has(1)
        ? [{ label: score ? `no ${titleOf(score)}` : "no ground truth", fill: colourOf(1, scale) }]
        : []),
      ...(has(0) ? [{ label: "no prediction", fill: colourOf(0, scale) }] : []),
    ];
  }, [view]);
  return (
    <ul
      aria-label="Legend"
      className="flex flex-wrap items-center gap-x-3 gap-y-1 text-2xs text-muted"
    >
      {items.map((item) => (
        <li key={item.label} className="flex min-w-0 items-center gap-1.5">
          <Swatch {...item} /> <bdi className="truncate">{item.label}</bdi>
        </li>
      ))}
    </ul>
  );
}
