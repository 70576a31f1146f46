import { describe, expect, it } from "vitest";
import { preparePanel } from "../kinds/panel-kinds.ts";
import { defaultLineStyle } from "../style/line-style.ts";
import { linePicture, plainView, testTheme } from "../testing/line-pictures.ts";
import { panelSvg } from "./panel-svg.ts";

describe("a panel as SVG", () => {
  const picture = (...all: number[][]) =>
    panelSvg({
      title: "<loss> & co",
      prepared: preparePanel(linePicture("step", ...all), plainView),
      settings: plainView.settings,
      entries: all.map((_, index) => ({ label: `line <${index}>`, lineStyle: defaultLineStyle })),
      theme: testTheme,
    });

  it("is the same for the same data, and escapes the user's text", () => {
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
