import type { Better } from "@signalbox/protocol/data/score";
import { otherColour, type TextValue } from "../scores/text-values.ts";

/** Red, green, blue, 0–255. */
type Rgb = readonly [number, number, number];
/** Colours at even distances. */
type Ramp = readonly [Rgb, ...Rgb[]];

/** The map's colours in one theme; blue and orange are distinct with any colour vision. */
export interface MapColours {
  none: Rgb;
  unscored: Rgb;
  right: Rgb;
  /** From an error rate near 0 to one of 1 or more; of scores, from better to worse. */
  error: Ramp;
  /** From the lowest to the highest value of a score of which more is better. */
  score: Ramp;
  /** The series colours (`--series-1` …). */
  series: readonly Rgb[];
}

export const mapColours: Record<"light" | "dark", MapColours> = {
  light: {
    none: [255, 255, 255],
    unscored: [205, 209, 216],
    right: [40, 112, 196],
    error: [
      [253, 231, 199],
      [158, 60, 0],
    ],
    score: [
      [255, 244, 190],
      [84, 176, 176],
      [19, 62, 140],
    ],
    series: [
      [31, 105, 196],
      [209, 90, 0],
      [0, 133, 97],
      [182, 70, 141],
      [15, 140, 191],
      [163, 115, 0],
      [114, 83, 209],
      [91, 101, 115],
    ],
  },
  dark: {
    none: [21, 22, 26],
    unscored: [62, 66, 74],
    right: [98, 166, 247],
    error: [
      [74, 50, 30],
      [255, 158, 74],
    ],
    score: [
      [43, 44, 92],
      [38, 138, 142],
      [250, 228, 120],
    ],
    series: [
      [98, 166, 247],
      [240, 144, 63],
      [48, 189, 146],
      [227, 134, 191],
      [92, 197, 238],
      [220, 179, 58],
      [168, 147, 246],
      [165, 175, 188],
    ],
  },
};

/** What the cells of a map mean; cells 0 and 1 are “no prediction” and “not measured” in each. */
export type MapScale =
  | { kind: "verdict" }
  | { kind: "error" }
  /** Cells 2–255 run from the lowest to the highest value. */
  | { kind: "number"; better: Better }
  /** Cells from 2 are the texts in their order, then all others. */
  | { kind: "text"; values: readonly TextValue[] };

/** The first cell of a value: of a score's lowest value, or of its first text. */
export const firstValueCell = 2;
const rightCell = 2;
const firstWrongCell = 3;

/** The place of every wrong cell between near and far when colouring by correctness. */
const wrongShade = 0.62;

/** The colour at a share of the way along a ramp. */
function along(ramp: Ramp, share: number): Rgb {
  const place = Math.max(0, Math.min(1, share)) * (ramp.length - 1);
  const before = Math.min(Math.floor(place), ramp.length - 2);
  const [from = [0, 0, 0], to = from] = [ramp[before], ramp[before + 1]];
  const at = (index: 0 | 1 | 2) =>
    Math.round(from[index] + (to[index] - from[index]) * (place - before));
  return [at(0), at(1), at(2)];
}

/** The ramp of a score, from its lowest value to its highest. */
export function scoreRamp(colours: MapColours, better: Better): Ramp {
  return better === "higher" ? colours.score : colours.error;
}

function valueColour(colours: MapColours, scale: MapScale, cell: number): Rgb {
  switch (scale.kind) {
    case "verdict":
      return cell === rightCell ? colours.right : along(colours.error, wrongShade);
    case "error":
      return cell === rightCell
        ? colours.right
        : along(colours.error, (cell - firstWrongCell) / (255 - firstWrongCell));
    case "number":
      return along(
        scoreRamp(colours, scale.better),
        (cell - firstValueCell) / (255 - firstValueCell),
      );
    case "text": {
      const { colour } = scale.values[cell - firstValueCell] ?? { colour: otherColour };
      return colours.series[colour - 1] ?? colours.unscored;
    }
  }
}

/** The colours of all cell values, three bytes each. */
export function cellPalette(colours: MapColours, scale: MapScale): Uint8Array {
  const palette = new Uint8Array(256 * 3);
  palette.set(colours.none, 0);
  palette.set(colours.unscored, 3);
  for (let cell = firstValueCell; cell < 256; cell += 1) {
    palette.set(valueColour(colours, scale, cell), cell * 3);
  }
  return palette;
}
