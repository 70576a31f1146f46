import { describe, expect, test } from "vitest";
import { decodeMap, measureLearning, orderSamples } from "./learning-map.ts";
import { cellPalette, mapColours } from "./map-colours.ts";
import { cellUnder, layOutMap, moveCell, paintCells } from "./map-picture.ts";

const map = decodeMap({
  sample_count: 3,
  epochs: [
    { epoch: 0, cells: Buffer.from([3, 255, 0]).toString("base64") },
    { epoch: 1, cells: Buffer.from([2, 129, 1]).toString("base64") },
  ],
});
const order = orderSamples(measureLearning(map), "index");
const { light } = mapColours;

describe("painting", () => {
  test("one pixel per cell, rows in the requested order", () => {
    const pixels = paintCells({
      map,
      order: Uint32Array.from([2, 0, 1]),
      palette: cellPalette(light, { kind: "error" }),
      from: 0,
      rows: 3,
      samplesPerRow: 1,
    });
    expect([...pixels.slice(0, 4)]).toEqual([...light.none, 255]);
    expect([...pixels.slice(4, 8)]).toEqual([...light.unscored, 255]);
    expect([...pixels.slice(12, 16)]).toEqual([...light.right, 255]);
  });

  test("samples that share a pixel are averaged, and rows after the last are empty", () => {
    const pixels = paintCells({
      map,
      order: order.slice(0, 2),
      palette: cellPalette(light, { kind: "error" }),
      from: 0,
      rows: 2,
      samplesPerRow: 2,
    });
    const [near, far = near] = light.error;
    expect(pixels[0]).toBe(Math.round((near[0] + far[0]) / 2));
    expect(pixels[2 * 4 + 3]).toBe(0);
  });
});

describe("the layout", () => {
  const size = { samples: 1000, epochs: 10 };

  test("all samples fit into the box, however many; few get rows of whole pixels", () => {
    expect(layOutMap(size, { width: 200, height: 500 }, "fit")).toMatchObject({
      rowHeight: 0.5,
      height: 500,
      columnWidth: 20,
    });
    expect(
      layOutMap({ samples: 64, epochs: 10 }, { width: 200, height: 500 }, "fit").rowHeight,
    ).toBe(7);
    expect(layOutMap(size, { width: 200, height: 500 }, 8).height).toBe(8000);
  });

  test("finds the cell at a point, and none outside the map", () => {
    const layout = layOutMap(size, { width: 200, height: 500 }, 8);
    expect(cellUnder(layout, size, { x: 45, y: 17 })).toEqual({ place: 2, epochIndex: 2 });
    expect(cellUnder(layout, size, { x: 205, y: 17 })).toBeNull();
    expect(cellUnder(layout, size, { x: 5, y: 8001 })).toBeNull();
  });

  test("arrow keys move cell by cell and stop at the edges", () => {
    const at = { place: 0, epochIndex: 9 };
    expect(moveCell(at, "ArrowUp", size, 20)).toEqual(at);
    expect(moveCell(at, "ArrowRight", size, 20)).toEqual(at);
    expect(moveCell(at, "Home", size, 20)).toEqual({ place: 0, epochIndex: 0 });
    expect(moveCell(at, "PageDown", size, 20)).toEqual({ place: 20, epochIndex: 9 });
    expect(moveCell(at, "q", size, 20)).toBeNull();
  });
});
