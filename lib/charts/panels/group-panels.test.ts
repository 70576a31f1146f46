import { describe, expect, it } from "vitest";
import { groupPanels, movePanel, panelMatcher } from "./group-panels.ts";

const names = ["train/loss", "train/kl", "train/lr", "eval/loss"];

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
