import { describe, expect, it } from "vitest";
import { decadeTicks, formatElapsed, niceTicks } from "../axes/axis-ticks.ts";
import type { XAxis } from "../axes/x-axis.ts";
import { withoutOutliers } from "../axes/y-range.ts";
import { groupLines } from "../kinds/line/group-lines.ts";
import { defaultTitle, newPanelId, panelSpec } from "../panels/custom-panels.ts";
import { groupPanels, movePanel, panelMatcher } from "../panels/group-panels.ts";
import { changeOverrides, formatShown, parseShown } from "../panels/panel-settings.ts";
import type { PanelPicture } from "../panels/panel-store.ts";
import { mergeTail } from "../series/merge-tail.ts";
import { prepareSeries } from "../series/prepare-series.ts";
import { chartCsv } from "./chart-csv.ts";
import { chartSvg } from "./chart-svg.ts";

const series = (values: number[]) =>
  prepareSeries(
    mergeTail(null, { steps: values.map((_, step) => step), values }, { maxColumns: 100 }),
  );

const names = ["train/loss", "train/kl", "train/lr", "eval/loss"];

/** A panel of one line for each list of values. */
const panel = (axis: XAxis, ...all: number[][]): PanelPicture => ({
  axis,
  range: { min: 0, max: 4 },
  lines: all.map((values, index) => ({ id: `s${index}`, series: series(values), scale: null })),
});

describe("a panel's data as CSV", () => {
  it("has a row for each step, empty where there is no finite value", () => {
    expect(chartCsv(panel("step", [1, Number.NaN, 0.25]))).toBe(
      [
        "step_first,step_last,value,min,max,last,count,not_finite",
        "0,0,1,1,1,1,1,0",
        "1,1,,,,NaN,1,1",
        "2,2,0.25,0.25,0.25,0.25,1,0",
        "",
      ].join("\r\n"),
    );
  });

  it("says the place on the axis that is shown", () => {
    expect(chartCsv(panel("wall", [1])).split("\r\n")).toEqual([
      expect.stringMatching(/^step_first,step_last,time,value/),
      "0,0,1970-01-01T00:00:00.000Z,1,1,1,1,1,0",
      "",
    ]);
  });
});

describe("several lines as CSV", () => {
  it("name the line in each row, whatever its name holds", () => {
    const labels = new Map([["s0", 'a "b", c']]);
    expect(chartCsv(panel("step", [1], [2]), labels, "run")).toBe(
      [
        "run,step_first,step_last,value,min,max,last,count,not_finite",
        '"a ""b"", c",0,0,1,1,1,1,1,0',
        "s1,0,0,2,2,2,2,1,0",
        "",
      ].join("\r\n"),
    );
  });

  it("give the spread of a group, which has no steps of its own", () => {
    const { lines } = panel("step", [1, 3], [3, 5]);
    const [group] = groupLines(lines, [{ key: "g", ids: ["s0", "s1"] }], 10, true);
    const text = chartCsv({ axis: "step", range: { min: 0, max: 1 }, lines: group ? [group] : [] });
    expect(text.split("\r\n")[1]).toMatch(/^0,0,2,0\.58\d+,3\.41\d+,,,$/);
  });
});

describe("a panel as SVG", () => {
  const colours = { surface: "b", ink: "c", faint: "d", grid: "e", gap: "f" };
  const picture = (...all: number[][]) =>
    chartSvg({
      title: "<loss> & co",
      lines: all.map((values, index) => ({
        label: `line <${index}>`,
        colour: "a",
        dash: [],
        series: series(values),
        smooth: null,
        envelope: true,
      })),
      axis: "step",
      x: { min: 0, max: 4 },
      y: { min: 0, max: 10 },
      logX: false,
      logY: false,
      colours,
    });

  it("is the same text for the same data, and text of the user stays text", () => {
    expect(picture([1, 2])).toBe(picture([1, 2]));
    expect(picture([1, 2])).toContain("&lt;loss&gt; &amp; co");
  });

  it("has a legend as soon as there are several lines", () => {
    expect(picture([1, 2])).not.toContain("line &lt;0&gt;");
    expect(picture([1, 2], [3, 4])).toContain("line &lt;1&gt;");
  });

  it("breaks the line at NaN and marks it", () => {
    expect(picture([5, 5, Number.NaN, 5, 5])).toMatch(/d="M72 \d+L288 \d+M720 \d+L936 \d+"/);
    expect(picture([5, Number.NaN])).toContain("<title>NaN</title>");
  });
});

describe("ticks", () => {
  it("are round numbers within the bounds", () => {
    expect(niceTicks(0.13, 0.97, 5)).toEqual([0.2, 0.4, 0.6, 0.8]);
    expect(decadeTicks(0.5, 200)).toEqual([1, 10, 100]);
    expect(decadeTicks(2, 5)).toEqual([2, 5]);
  });

  it("say time without idle zeros", () => {
    expect([0, 30, 300, 3600, 5400].map(formatElapsed)).toEqual(["0", "30s", "5m", "1h", "1h 30m"]);
  });
});

describe("leaving outliers out", () => {
  it("keeps a single spike from pressing the rest flat", () => {
    const values = Array.from({ length: 100 }, (_, index) => (index === 50 ? 1e6 : index % 10));
    expect(withoutOutliers(series(values), 0.01)).toEqual({ min: 0, max: 9 });
    expect(withoutOutliers(series(values), 0)).toBeNull();
  });
});

describe("panels in order", () => {
  it("are found by a regular expression, and by words while it is half typed", () => {
    expect(names.filter(panelMatcher("^train.*l(oss|r)$"))).toEqual(["train/loss", "train/lr"]);
    expect(names.filter(panelMatcher("loss("))).toEqual([]);
    expect(names.filter(panelMatcher("LOSS eval"))).toEqual(["eval/loss"]);
  });

  it("stand pinned first, in the order they were put, in the groups asked for", () => {
    expect(groupPanels(names, { pinned: ["train/kl"], order: ["train/lr"] })).toEqual([
      { prefix: "pinned", names: ["train/kl"] },
      { prefix: "train", names: ["train/lr", "train/loss"] },
      { prefix: "eval", names: ["eval/loss"] },
    ]);
    expect(groupPanels(names, { grouping: "name" })[0]).toEqual({
      prefix: "loss",
      names: ["train/loss", "eval/loss"],
    });
  });

  it("move within their group, and the others keep their places", () => {
    const group = groupPanels(names)[0]?.names ?? [];
    expect(group).toEqual(["train/loss", "train/lr", "train/kl"]);
    const order = movePanel([], group, "train/lr", 0);
    expect(order).toEqual(["train/lr", "train/loss"]);
    expect(groupPanels(names, { order })[0]?.names).toEqual(["train/lr", "train/loss", "train/kl"]);
  });
});

describe("panels of several series", () => {
  const chosen = { id: "1", title: "", names: ["eval/loss", "soon"], match: "^train/l" };

  it("hold what was chosen, then what their query means, each once", () => {
    const spec = panelSpec({ ...chosen, names: [...chosen.names, "train/lr"] }, names);
    expect(spec).toMatchObject({
      key: "~1",
      names: ["eval/loss", "soon", "train/lr", "train/loss"],
    });
    expect(panelSpec({ ...chosen, match: " " }, names).names).toEqual(chosen.names);
  });

  it("take no more series than can be told apart, and say how many are left", () => {
    const many = Array.from({ length: 60 }, (_, index) => `s/${index}`);
    const spec = panelSpec({ ...chosen, names: [], match: "s/" }, many);
    expect([spec.names.length, spec.left]).toEqual([50, 10]);
  });

  it("stand before the others, and are found by their title or any of their series", () => {
    const custom = [panelSpec({ ...chosen, title: "Both" }, names)];
    expect(groupPanels(names, { custom })[0]).toEqual({ prefix: "custom panels", names: ["~1"] });
    expect(groupPanels(names, { custom, query: "both" })).toHaveLength(1);
    expect(groupPanels(names, { custom, query: "soon" })[0]?.names).toEqual(["~1"]);
    expect(groupPanels(names, { custom, query: "kl" })[0]?.prefix).toBe("train");
  });

  it("have a title of their own making while nobody gives one", () => {
    expect(defaultTitle(chosen)).toBe("eval/loss, soon, ^train/l");
    expect(defaultTitle({ names: ["a", "b", "c", "d"], match: "" })).toBe("a, b, c and 1 more");
  });

  it("get an id that none of them has", () => {
    expect(newPanelId([])).toBe("1");
    expect(newPanelId([chosen, { ...chosen, id: "3" }])).toBe("4");
  });
});

describe("settings in the address", () => {
  it("read back the zoom they wrote, and nothing else", () => {
    const shown = { axis: "epoch" as const, min: 0.5, max: 1.25 };
    expect(parseShown(formatShown(shown))).toEqual(shown);
    expect(parseShown("epoch:2:1")).toBeUndefined();
    expect(parseShown("moon:1:2")).toBeUndefined();
  });

  it("forget a panel that has nothing of its own left", () => {
    const some = changeOverrides({}, "a", { logY: true, amount: 0.5 });
    expect(some).toEqual({ a: { logY: true, amount: 0.5 } });
    expect(changeOverrides(some, "a", { logY: undefined, amount: undefined })).toEqual({});
  });
});
