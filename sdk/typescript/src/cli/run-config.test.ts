import { describe, expect, it } from "vitest";
import { parseToml, runOfToml } from "./run-config.ts";

const read = (text: string, choices: Parameters<typeof runOfToml>[2] = { type: "sft" }) =>
  runOfToml(parseToml("run.toml", text), "run.toml", choices);

describe("a run's file", () => {
  it("names the run and holds the trainer settings", () => {
    const text = 'name = "one"\ntags = ["a"]\n[config]\nepochs = 3\nlearning_rate = 1e-3\n';
    expect(read(text)).toEqual({
      kind: "sft",
      name: "one",
      dataset_id: undefined,
      tags: ["a"],
      config: { epochs: 3, learning_rate: 0.001 },
    });
  });

  it("gives way to the command line", () => {
    const choices = { type: "rl", name: "two", tag: ["b", "a"], set: ["epochs=5"] } as const;
    expect(
      read('type = "sft"\nname = "one"\ntags = ["a"]\n[config]\nepochs = 3\n', choices),
    ).toMatchObject({
      kind: "rl",
      name: "two",
      tags: ["a", "b"],
      config: { epochs: 5 },
    });
  });

  it("may be empty", () => {
    expect(read("")).toMatchObject({ kind: "sft", tags: [], config: {} });
  });

  it.each([
    ["epochs = 3", /“epochs” is not a field of a run\. .*\[config\]/],
    ["config = 3", /must be a table/],
    ["name = 3", /name must be a string/],
    ["tags = [1]", /tags must be a list of strings/],
    ["[config]\nepochs = 3\nepochs = 4", /run\.toml, line 3/],
    ["[config", /run\.toml, line 1/],
  ])("is refused where it says %j", (text, says) => {
    expect(() => read(text)).toThrow(says);
  });

  it("says the kind where the command line does not; without either it is sft", () => {
    expect(read("", {}).kind).toBe("sft");
    expect(read('kind = "rl"', {}).kind).toBe("rl");
    expect(read('type = "rl"', {}).kind).toBe("rl");
    expect(read('kind = "rl"', { type: "other" }).kind).toBe("other");
    expect(() => read('kind = "dpo"', {})).toThrow("kind must be one of sft, rl");
    expect(() => read('kind = "rl"\ntype = "rl"', {})).toThrow("kind and type are the same");
  });
});
