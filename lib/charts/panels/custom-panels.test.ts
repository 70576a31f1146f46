import { describe, expect, it } from "vitest";
import { defaultTitle, newPanelId, panelSpec } from "./custom-panels.ts";
import { groupPanels } from "./group-panels.ts";

const names = ["train/loss", "train/kl", "train/lr", "eval/loss"];

describe("panels of several series", () => {
  const chosen = { id: "1", title: "", names: ["eval/loss", "soon"], match: "^train/l" };

  it("hold the selected series, then those that match their query, each once", () => {
    const spec = panelSpec({ ...chosen, names: [...chosen.names, "train/lr"] }, names);
    expect(spec).toMatchObject({
      key: "~1",
      names: ["eval/loss", "soon", "train/lr", "train/loss"],
    });
    expect(panelSpec({ ...chosen, match: " " }, names).names).toEqual(chosen.names);
  });

  it("hold a limited number of series, and count the rest", () => {
    const many = Array.from({ length: 60 }, (_, index) => `s/${index}`);
    const spec = panelSpec({ ...chosen, names: [], match: "s/" }, many);
    expect([spec.names.length, spec.left]).toEqual([50, 10]);
  });

  it("come before the others, and are found by their title or any of their series", () => {
    const custom = [panelSpec({ ...chosen, title: "Both" }, names)];
    expect(groupPanels(names, { custom })[0]).toEqual({ prefix: "custom panels", names: ["~1"] });
    expect(groupPanels(names, { custom, query: "both" })).toHaveLength(1);
    expect(groupPanels(names, { custom, query: "soon" })[0]?.names).toEqual(["~1"]);
    expect(groupPanels(names, { custom, query: "kl" })[0]?.prefix).toBe("train");
  });

  it("have a default title", () => {
    expect(defaultTitle(chosen)).toBe("eval/loss, soon, ^train/l");
    expect(defaultTitle({ names: ["a", "b", "c", "d"], match: "" })).toBe("a, b, c and 1 more");
  });

  it("get an unused id", () => {
    expect(newPanelId([])).toBe("1");
    expect(newPanelId([chosen, { ...chosen, id: "3" }])).toBe("4");
  });
});
