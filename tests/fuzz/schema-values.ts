import type { JsonSchema } from "@signalbox/protocol/service/openapi";
import fc from "fast-check";

/** Values that programs send by mistake and attackers on purpose. */
const junk: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    "",
    " ",
    0,
    -1,
    -0,
    1.5,
    2 ** 31,
    2 ** 53,
    -(2 ** 63),
    1e308,
    5e-324,
    "NaN",
    "-Infinity",
    "0",
    "-1",
    "1e400",
    "true",
    "null",
    "undefined",
    "\u0000",
    "\ud800",
    "\u202e",
    "é́".normalize("NFD"),
    "'; drop table jobs; --",
    "%00",
    "%",
    "../..",
    "__proto__",
    "constructor",
    "(a+)+$",
    "{}",
    "[",
    "2026-11-22T00:00:00Z",
    "9999-99-99",
    [],
    {},
    [[]],
    { __proto__: null, constructor: 1, toString: null },
  ),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.double(),
  fc.bigInt().map(String),
  fc.jsonValue({ maxDepth: 4 }),
  fc.string({ minLength: 5_000, maxLength: 20_000 }),
);

/** How often a value is replaced by one that its schema does not describe. */
const strangeness = { weight: 1, arbitrary: junk };

type Schemas = Record<string, JsonSchema>;

/** Values of a JSON Schema, most of them right, each part of them sometimes not. */
export function valuesOf(schema: JsonSchema, named: Schemas, ids: string[]): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 14, arbitrary: rightValuesOf(schema, named, ids) }, strangeness);
}

function rightValuesOf(schema: JsonSchema, named: Schemas, ids: string[]): fc.Arbitrary<unknown> {
  const inner = (of: unknown) => valuesOf((of ?? {}) as JsonSchema, named, ids);
  if (typeof schema.$ref === "string") {
    const target = named[schema.$ref.split("/").at(-1) ?? ""];
    if (!target) throw new Error(`Nothing is named ${schema.$ref}`);
    return rightValuesOf(target, named, ids);
  }
  if ("const" in schema) return fc.constant(schema.const);
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum);
  for (const key of ["anyOf", "oneOf"]) {
    const options = schema[key];
    if (Array.isArray(options)) return fc.oneof(...options.map(inner));
  }
  const limit = (key: string, otherwise: number) => {
    const value = schema[key];
    return typeof value === "number" ? value : otherwise;
  };
  switch (schema.type) {
    case "integer":
      return fc
        .maxSafeInteger()
        .map((n) => clamp(n % 1_000, limit("minimum", 0), limit("maximum", 1e9)));
    case "number":
      return fc.double({
        min: limit("minimum", -1e12),
        max: limit("maximum", 1e12),
        noNaN: true,
      });
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "array": {
      const prefix = schema.prefixItems;
      if (Array.isArray(prefix)) return fc.tuple(...prefix.map(inner));
      return fc.array(inner(schema.items), {
        minLength: Math.min(limit("minItems", 0), 3),
        maxLength: Math.min(limit("maxItems", 4), 4),
      });
    }
    case "object":
      return objectsOf(schema, inner);
    case "string":
      return fc.oneof(
        { weight: 2, arbitrary: fc.constantFrom(...ids) },
        { weight: 3, arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 24 }) },
        { weight: 1, arbitrary: fc.constantFrom("train/loss", "train.loss", "running", "note") },
      );
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function objectsOf(
  schema: JsonSchema,
  inner: (of: unknown) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  const properties = (schema.properties ?? {}) as Record<string, unknown>;
  const required = (schema.required ?? []) as string[];
  const known = fc.record(
    Object.fromEntries(Object.entries(properties).map(([name, of]) => [name, inner(of)])),
    { requiredKeys: required },
  );
  const further =
    typeof schema.additionalProperties === "object"
      ? inner(schema.additionalProperties)
      : fc.jsonValue({ maxDepth: 1 });
  const isOpen = schema.additionalProperties !== false;
  const extra = fc.dictionary(fc.string({ maxLength: 12 }), further, { maxKeys: isOpen ? 3 : 0 });
  return fc.tuple(known, extra).map(([a, b]) => ({ ...b, ...a }));
}

function clamp(n: number, min: number, max: number): number {
  return Math.min(Math.max(n, min), max);
}
