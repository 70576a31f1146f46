import { describe, expect, it } from "vitest";
import { seriesNameKey } from "./series-name.ts";

const same = (a: string, b: string) => seriesNameKey(a) === seriesNameKey(b);

describe("the names of a series", () => {
  it("are the same with dots or slashes between their parts", () => {
    expect(same("train.loss", "train/loss")).toBe(true);
    expect(same("eval.rouge.l", "eval/rouge/l")).toBe(true);
    expect(same("eval.rouge/l", "eval/rouge.l")).toBe(true);
    expect(same("loss", "loss")).toBe(true);
  });

  it("differ in everything else", () => {
    expect(same("train.loss", "train_loss")).toBe(false);
    expect(same("train.loss", "train/loss/")).toBe(false);
    expect(same("loss", "train/loss")).toBe(false);
    expect(same("loss", "Loss")).toBe(false);
  });
});
