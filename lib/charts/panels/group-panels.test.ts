import { describe, expect, it } from "vitest";
import { groupPanels, movePanel, panelMatcher, seriesLeaf, seriesPrefix } from "./group-panels.ts";

const names = ["train/loss", "train/kl", "train/lr", "eval/loss"];

describe("panels in order", () => {
  it("are found by a regular expression, or by words while it is incomplete", () => {
    expect(names.filter(panelMatcher("^train.*l(oss|r)$"))).toEqual(["train/loss", "train/lr"]);
    expect(names.filter(panelMatcher("loss("))).toEqual([]);
    expect(names.filter(panelMatcher("LOSS eval"))).toEqual(["eval/loss"]);
  });

  it("start with the pinned ones, then follow the reader's order, in the selected groups", () => {
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

  it("move within their group, and the others keep their positions", () => {
    const group = groupPanels(names)[0]?.names ?? [];
    expect(group).toEqual(["train/loss", "train/lr", "train/kl"]);
    const order = movePanel([], group, "train/lr", 0);
    expect(order).toEqual(["train/lr", "train/loss"]);
    expect(groupPanels(names, { order })[0]?.names).toEqual(["train/lr", "train/loss", "train/kl"]);
  });
});

describe("panel groups", () => {
  it("follow the part before the first slash or dot: training first, system metrics last", () => {
    const groups = groupPanels([
      "system/cpu",
      "train/grad_norm",
      "train/loss",
      "eval/loss",
      "lr",
      "aux.kl",
    ]);
    expect(groups).toEqual([
      { prefix: "train", names: ["train/loss", "train/grad_norm"] },
      { prefix: "eval", names: ["eval/loss"] },
      { prefix: "aux", names: ["aux.kl"] },
      { prefix: "other", names: ["lr"] },
      { prefix: "system", names: ["system/cpu"] },
    ]);
  });

  it("are searched by words in any order", () => {
    expect(groupPanels(["train/loss", "eval/loss"], { query: "LOSS ev" })).toEqual([
      { prefix: "eval", names: ["eval/loss"] },
    ]);
  });

  it("split names at the first separator only", () => {
    expect([seriesPrefix("a/b/c"), seriesLeaf("a/b/c")]).toEqual(["a", "b/c"]);
    expect([seriesPrefix("/odd"), seriesLeaf("odd/")]).toEqual(["other", "odd/"]);
  });
});
