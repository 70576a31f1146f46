import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineTrainer } from "./define-trainer.ts";
import { configFields, loopFields } from "./toolkit/config-fields.ts";
import { TrainerRegistry } from "./trainer-registry.ts";

const declare = (name: string, kind: "sft" | "rl", weights?: string) =>
  defineTrainer({
    name,
    title: `The trainer ${name}`,
    kind,
    config: z.strictObject({ ...loopFields(configFields()), base: z.string().optional() }),
    liveParams: {},
    ...(weights === undefined ? {} : { weights }),
    startFrom: { field: "base", adopt: (config) => config },
    create: () => Promise.reject(new Error("not needed here")),
    introduction: async () => [],
  });

const first = declare("first", "sft", "a");
const second = declare("second", "sft");
const third = declare("third", "rl", "a");
const registry = new TrainerRegistry([first, second, third]);

describe("the registry of trainers", () => {
  it("gives a job of a kind to the first trainer of that kind, and any job to the one it names", () => {
    expect(registry.find({ kind: "sft" })).toBe(first);
    expect(registry.find({ kind: "sft", trainer: "second" })).toBe(second);
    expect(registry.configure({ kind: "rl", config: {} }).reference).toEqual({
      trainer: "third",
      kind: "rl",
      config: { log_every: 10, min_step_ms: 0 },
    });
  });

  it("names the kinds it has where one is missing, and refuses two trainers of one name", () => {
    expect(() => registry.find({ kind: "other" })).toThrow(
      "no trainer of kind other; it has sft, rl",
    );
    expect(() => registry.find({ kind: "sft", trainer: "gone" })).toThrow("no trainer gone");
    expect(() => new TrainerRegistry([first, third, first])).toThrow("first");
  });

  it("lets a run start only from weights of the same layout, and tells forms which kinds have it", () => {
    expect(registry.canStartFrom(third, { kind: "sft" })).toBe(true);
    expect(registry.canStartFrom(third, { kind: "sft", trainer: "second" })).toBe(false);
    expect(registry.canStartFrom(second, { kind: "sft", trainer: "second" })).toBe(false);
    expect(registry.canStartFrom(third, { kind: "sft", trainer: "gone" })).toBe(false);
    const [capability] = registry.capabilities().trainers;
    expect(capability?.config_schema.properties.base).toMatchObject({
      "x-widget": "run",
      "x-run-kinds": ["sft", "rl"],
    });
  });

  it("offers one trainer of each kind, in the order of the list", () => {
    expect(registry.capabilities().trainers.map(({ name }) => name)).toEqual([
      "The trainer first",
      "The trainer third",
    ]);
  });
});
