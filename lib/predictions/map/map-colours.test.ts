import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { cellPalette, type MapScale, mapColours } from "./map-colours.ts";

const { light } = mapColours;
type Rgb = readonly [number, number, number];

function luminance([red, green, blue]: Rgb): number {
  const linear = (value: number) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function contrast(a: Rgb, b: Rgb): number {
  const [dark = 0, bright = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (bright + 0.05) / (dark + 0.05);
}

function colourAt(palette: Uint8Array, cell: number): Rgb {
  const at = (index: number) => palette[cell * 3 + index] ?? 0;
  return [at(0), at(1), at(2)];
}

describe("colours of the map", () => {
  test("the error rate runs evenly from near to far", () => {
    const palette = cellPalette(light, { kind: "error" });
    expect(colourAt(palette, 3)).toEqual(light.error[0]);
    expect(colourAt(palette, 255)).toEqual(light.error[1]);
    for (let cell = 4; cell < 256; cell += 1) {
      expect(colourAt(palette, cell)[1]).toBeLessThanOrEqual(colourAt(palette, cell - 1)[1]);
    }
  });

  test("correctness uses two colours only, whatever the error", () => {
    const palette = cellPalette(light, { kind: "verdict" });
    expect(colourAt(palette, 3)).toEqual(colourAt(palette, 255));
    expect(colourAt(palette, 2)).toEqual(light.right);
  });

  test("right and wrong differ in lightness or blue, so that they are distinct with any colour vision", () => {
    for (const colours of Object.values(mapColours)) {
      const wrong = colourAt(cellPalette(colours, { kind: "verdict" }), 3);
      expect(colours.right[2] - wrong[2]).toBeGreaterThan(100);
      const [near, far = near] = colours.error;
      expect(contrast(near, far)).toBeGreaterThan(4);
    }
  });

  test.each(["light", "dark"] as const)(
    "a score runs evenly in lightness, so that its order is seen with any colour vision (%s)",
    (theme) => {
      for (const better of ["higher", "lower"] as const) {
        const palette = cellPalette(mapColours[theme], { kind: "number", better });
        const lightness = Array.from({ length: 254 }, (_, at) =>
          luminance(colourAt(palette, at + 2)),
        );
        const rising = theme === "dark";
        for (let at = 1; at < lightness.length; at += 1) {
          const step = (lightness[at] ?? 0) - (lightness[at - 1] ?? 0);
          expect(rising ? step : -step).toBeGreaterThan(-0.005);
        }
        expect(contrast(colourAt(palette, 2), colourAt(palette, 255))).toBeGreaterThan(4);
      }
    },
  );

  test("the lowest score is not mistaken for a missing one", () => {
    for (const colours of Object.values(mapColours)) {
      for (const better of ["higher", "lower"] as const) {
        const low = colourAt(cellPalette(colours, { kind: "number", better }), 2);
        for (const other of [colours.none, colours.unscored]) {
          const distance = Math.hypot(...low.map((value, at) => value - (other[at] ?? 0)));
          expect(distance).toBeGreaterThan(30);
        }
      }
    }
  });

  test("texts have their own colours, and all further texts one more", () => {
    const scale: MapScale = {
      kind: "text",
      values: [
        { text: "good", colour: 1 },
        { text: "bad", colour: 2 },
      ],
    };
    const palette = cellPalette(light, scale);
    expect(colourAt(palette, 2)).toEqual(light.series[0]);
    expect(colourAt(palette, 3)).toEqual(light.series[1]);
    expect(colourAt(palette, 4)).toEqual(light.series[7]);
    expect(colourAt(palette, 0)).toEqual(light.none);
    expect(colourAt(palette, 1)).toEqual(light.unscored);
  });

  test("the series colours are those of the style sheet", () => {
    const css = readFileSync(new URL("../../../app/globals.css", import.meta.url), "utf8");
    const hex = ([...colour]: Rgb) =>
      `#${colour.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
    const written = [...css.matchAll(/--series-\d: (#[0-9a-f]{6});/g)].map(([, colour]) => colour);
    expect(written).toEqual([
      ...mapColours.light.series.map(hex),
      ...mapColours.dark.series.map(hex),
    ]);
  });
});
