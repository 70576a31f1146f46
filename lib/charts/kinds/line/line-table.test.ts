import { csvText } from "@signalbox/protocol/wire/csv";
import { describe, expect, it } from "vitest";
import { linePicture } from "../../testing/line-pictures.ts";
import { groupLines } from "./group-lines.ts";
import type { LinePicture } from "./line-picture.ts";
import { lineTable } from "./line-table.ts";

const chartCsv = (
  picture: LinePicture,
  labels: ReadonlyMap<string, string> | null = null,
  of = "series",
) => csvText(lineTable(picture, { labels, of }));

describe("a panel's data as CSV", () => {
  it("has a row for each step, empty where there is no finite value", () => {
    expect(chartCsv(linePicture("step", [1, Number.NaN, 0.25]))).toBe(
      [
        "step_first,step_last,value,min,max,last,count,not_finite",
        "0,0,1,1,1,1,1,0",
        "1,1,,,,NaN,1,1",
        "2,2,0.25,0.25,0.25,0.25,1,0",
        "",
      ].join("\r\n"),
    );
  });

  it("has the position on the axis that is shown", () => {
    expect(chartCsv(linePicture("wall", [1])).split("\r\n")).toEqual([
      expect.stringMatching(/^step_first,step_last,time,value/),
      "0,0,1970-01-01T00:00:00.000Z,1,1,1,1,1,0",
      "",
    ]);
  });
});

describe("several lines as CSV", () => {
  it("name the line in each row, whatever its name holds", () => {
    const labels = new Map([["s0", 'a "b", c']]);
    expect(chartCsv(linePicture("step", [1], [2]), labels, "run")).toBe(
      [
        "run,step_first,step_last,value,min,max,last,count,not_finite",
        '"a ""b"", c",0,0,1,1,1,1,1,0',
        "s1,0,0,2,2,2,2,1,0",
        "",
      ].join("\r\n"),
    );
  });

  it("give the spread of a group, which has no steps of its own", () => {
    const { lines } = linePicture("step", [1, 3], [3, 5]);
    const [group] = groupLines(lines, [{ key: "g", ids: ["s0", "s1"] }], 10, true);
    const text = chartCsv({ ...linePicture("step"), lines: group ? [group] : [] });
    expect(text.split("\r\n")[1]).toMatch(/^0,0,2,0\.58\d+,3\.41\d+,,,$/);
  });
});
