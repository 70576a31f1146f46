import { describe, expect, it } from "vitest";
import { parseStreamFilter } from "../testing/parse-stream-filter.ts";
import { testRow as row } from "../testing/test-row.ts";
import { rowPasses } from "./row-framing.ts";
import { passingSeries } from "./stream-filter.ts";

const parse = (query: string) => parseStreamFilter(new URLSearchParams(query));
describe("the stream's filters", () => {
  it("lets everything pass when none is set", () => {
    const filter = parse("");
    expect(filter.plain).toBe(true);
    expect(rowPasses(filter, row("event", { type: "x", level: "debug" }))).toBe(true);
  });

  it.each([
    "streams=metrics,weather",
    "event_levels=loud",
    "epoch=first",
    "epoch=-1",
    "full=perhaps",
    "predictions=some",
  ])("refuses %s", (query) => {
    expect(() => parse(query)).toThrow();
  });

  it("has one key for equal filters, however they are written", () => {
    expect(parse("streams=logs,event").key).toBe(parse("streams=event&streams=logs").key);
    expect(parse("full=1").key).toBe(parse("full=true").key);
    expect(parse("").key).not.toBe(parse("full=1").key);
    expect(parse("").key).not.toBe(parse("predictions=summary").key);
    expect(parse("predictions=summary").plain).toBe(true);
    expect(parse("event_types=a").key).not.toBe(parse("metric_names=a").key);
  });

  it("applies each filter to its own kind of row", () => {
    const filter = parse("event_levels=error&event_types=oom&timeline_phases=eval&epoch=2");
    expect(rowPasses(filter, row("event", { type: "oom", level: "error" }))).toBe(true);
    expect(rowPasses(filter, row("event", { type: "oom", level: "info" }))).toBe(false);
    expect(rowPasses(filter, row("timeline", { phase: "train" }))).toBe(false);
    expect(
      rowPasses(filter, row("prediction", { predictions: [{ epoch: 1 }, { epoch: 2 }] })),
    ).toBe(true);
    expect(rowPasses(filter, row("prediction", { predictions: [{ epoch: 3 }] }))).toBe(false);
    expect(rowPasses(filter, row("logs", {}))).toBe(true);
  });

  it("chooses metrics point by point, names with commas included", () => {
    const payload = {
      "a,b": [
        [1, 1, 0, null, "train"],
        [2, 2, 0, null, "eval"],
      ],
      c: [[1, 1, 0]],
    };
    const names = (query: string) => passingSeries(parse(query), row("metrics", payload));
    expect(names("metric_names=c").map(([name]) => name)).toEqual(["c"]);
    expect(names("metric_names=a%2Cb&metric_names=x").map(([name]) => name)).toEqual(["a,b"]);
    expect(names("metric_phases=eval")).toEqual([["a,b", [[2, 2, 0, null, "eval"]]]]);
    expect(names("streams=logs")).toEqual([]);
  });

  it("finds a series by its name with a dot or a slash", () => {
    const payload = { "train/loss": [[1, 1, 0]], "eval.loss": [[1, 2, 0]], loss: [[1, 3, 0]] };
    const names = (query: string) =>
      passingSeries(parse(query), row("metrics", payload)).map(([name]) => name);
    expect(names("metric_names=train.loss")).toEqual(["train/loss"]);
    expect(names("metric_names=eval/loss,train/loss")).toEqual(["train/loss", "eval.loss"]);
    expect(names("metric_names=train_loss")).toEqual([]);
  });
});
