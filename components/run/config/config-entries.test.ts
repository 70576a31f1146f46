import { describe, expect, it } from "vitest";
import { flatten, searchEntries, toYaml, valueText } from "./config-entries.ts";

const config = {
  learning_rate: 0.003,
  optimizer: { name: "adam", betas: [0.9, 0.999] },
  layers: [{ width: 64 }, { width: 32 }],
  "odd key": { "a.b": null },
  empty: {},
};

describe("a config", () => {
  it("is flattened by path without losing anything", () => {
    expect(flatten(config).map(({ path, value }) => [path, valueText(value)])).toEqual([
      ["learning_rate", "0.003"],
      ["optimizer.name", "adam"],
      ["optimizer.betas", "[0.9,0.999]"],
      ["layers[0].width", "64"],
      ["layers[1].width", "32"],
      ['["odd key"]["a.b"]', "null"],
      ["empty", "{}"],
    ]);
    expect(flatten({})).toEqual([]);
  });

  it("is searched in paths and values", () => {
    const found = (query: string) => searchEntries(flatten(config), query).map((e) => e.path);
    expect(found("ADAM")).toEqual(["optimizer.name"]);
    expect(found("layers 32")).toEqual(["layers[1].width"]);
    expect(found("")).toHaveLength(7);
  });

  it("is written as YAML that quotes text which YAML would read otherwise", () => {
    expect(toYaml({ ...config, answer: "no", text: "a: b", version: "1.0", eps: 1e-8 })).toBe(
      [
        "learning_rate: 0.003",
        "optimizer:",
        "  name: adam",
        "  betas: [0.9, 0.999]",
        "layers:",
        "  - width: 64",
        "  - width: 32",
        "odd key:",
        "  a.b: null",
        "empty: {}",
        'answer: "no"',
        'text: "a: b"',
        'version: "1.0"',
        "eps: 1.0e-8",
      ].join("\n"),
    );
  });
});
