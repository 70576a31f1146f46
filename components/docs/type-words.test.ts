import type { JsonSchema } from "@signalbox/protocol/service/openapi";
import { describe, expect, it } from "vitest";
import { fieldsOf, typeWords } from "./type-words.ts";

const words = (schema: JsonSchema) =>
  typeWords(schema)
    .map((part) => part.text)
    .join("");

describe("a schema in words", () => {
  it.each<[JsonSchema, string]>([
    [{ type: "integer", minimum: 1, maximum: 500 }, "integer 1–500"],
    [{ type: "number", minimum: 0 }, "number ≥ 0"],
    [{ type: "string", minLength: 1, maxLength: 128 }, "string of 1–128 characters"],
    [{ type: "string", format: "date-time" }, "date-time"],
    [{ enum: ["a", "b"], type: "string" }, '"a" | "b"'],
    [
      { anyOf: [{ anyOf: [{ type: "number" }, { const: "NaN" }] }, { type: "null" }] },
      'number or "NaN" or null',
    ],
    [
      { type: "array", items: { $ref: "#/components/schemas/Job" }, maxItems: 5 },
      "array of Job (at most 5)",
    ],
    [
      { type: "array", prefixItems: [{ type: "number" }, { type: "string" }], items: false },
      "[number, string]",
    ],
    [{ type: "object", additionalProperties: { type: "number" } }, "object of number"],
    [{ type: "object", additionalProperties: {} }, "object"],
    [{}, "any"],
  ])("%j", (schema, expected) => {
    expect(words(schema)).toBe(expected);
  });

  it("names the schema that a reference points to", () => {
    expect(typeWords({ $ref: "#/components/schemas/Job" })).toEqual([{ text: "Job", ref: "Job" }]);
  });

  it("lists an object's fields, which are required, and those inside an array", () => {
    const fields = fieldsOf({
      type: "object",
      required: ["rows"],
      properties: {
        rows: {
          type: "array",
          items: { type: "object", properties: { step: { type: "integer" } } },
        },
        limit: { type: "integer", default: 50, description: "How many." },
      },
    });
    expect(fields).toMatchObject([
      { name: "rows", required: true, inner: [{ name: "step", required: false }] },
      { name: "limit", required: false, description: "How many. Default 50.", inner: [] },
    ]);
  });

  it("lists a stream's frames by their events", () => {
    const frame = (event: string, data: JsonSchema) => ({
      type: "object",
      description: `about ${event}`,
      properties: { event: { const: event }, data },
    });
    const oneOf = [
      frame("reset", { type: "object", properties: { reason: { type: "string" } } }),
      frame("status", {}),
    ];
    expect(fieldsOf({ oneOf })).toMatchObject([
      { name: "reset", description: "about reset", inner: [{ name: "reason" }] },
      { name: "status", description: "about status" },
    ]);
  });
});
