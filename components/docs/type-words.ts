import type { JsonSchema } from "@signalbox/protocol/service/openapi";

/** A part of a type in words; `ref` names the schema it refers to. */
export interface TypePart {
  text: string;
  ref?: string;
}

export interface SchemaField {
  name: string;
  required: boolean;
  type: TypePart[];
  description: string;
  /** Its own fields, unless it refers to a named schema. */
  inner: SchemaField[];
}

const list = (value: unknown): JsonSchema[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string => (typeof value === "string" ? value : "");

function asSchema(value: unknown): JsonSchema | null {
  return typeof value === "object" && value !== null ? (value as JsonSchema) : null;
}

/** A schema's alternatives, including nested ones. */
function alternatives(schema: JsonSchema): JsonSchema[] {
  const inner = [...list(schema.anyOf), ...list(schema.oneOf)];
  return inner.length > 0 ? inner.flatMap(alternatives) : [schema];
}

/** A schema in description: `integer 1–500 or null`, `array of Job`. */
export function typeWords(schema: JsonSchema): TypePart[] {
  const all = alternatives(schema);
  return all.flatMap((one, i) => (i === 0 ? single(one) : [{ text: " or " }, ...single(one)]));
}

function single(schema: JsonSchema): TypePart[] {
  const ref = text(schema.$ref).split("/").at(-1);
  if (ref) return [{ text: ref, ref }];
  if (schema.const !== undefined) return [{ text: JSON.stringify(schema.const) }];
  if (Array.isArray(schema.enum)) {
    return [{ text: schema.enum.map((value) => JSON.stringify(value)).join(" | ") }];
  }
  switch (schema.type) {
    case "array":
      return arrayWords(schema);
    case "object": {
      const values = asSchema(schema.additionalProperties);
      if (schema.properties || !values || Object.keys(values).length === 0) {
        return [{ text: "object" }];
      }
      return [{ text: "object of " }, ...typeWords(values)];
    }
    case "string":
      return [{ text: stringWords(schema) }];
    case "integer":
    case "number":
      return [{ text: `${schema.type}${range(schema.minimum, schema.maximum)}` }];
    case "boolean":
    case "null":
      return [{ text: schema.type }];
    default:
      return [{ text: "any" }];
  }
}

function arrayWords(schema: JsonSchema): TypePart[] {
  const tuple = list(schema.prefixItems);
  if (tuple.length > 0) {
    const parts = tuple.flatMap((item, i) => [
      ...(i === 0 ? [] : [{ text: ", " }]),
      ...typeWords(item),
    ]);
    return [{ text: "[" }, ...parts, { text: asSchema(schema.items) ? ", …]" : "]" }];
  }
  const most = typeof schema.maxItems === "number" ? ` (at most ${schema.maxItems})` : "";
  return [{ text: "array of " }, ...typeWords(asSchema(schema.items) ?? {}), { text: most }].filter(
    (part) => part.text !== "",
  );
}

function stringWords(schema: JsonSchema): string {
  if (schema.format === "date-time") return "date-time";
  const length = range(schema.minLength, schema.maxLength);
  return length ? `string of${length} characters` : "string";
}

function range(min: unknown, max: unknown): string {
  if (typeof min === "number" && typeof max === "number") return ` ${min}–${max}`;
  if (typeof min === "number") return ` ≥ ${min}`;
  return typeof max === "number" ? ` ≤ ${max}` : "";
}

/** The fields of an object, of an array's objects, or of a stream's frames. */
export function fieldsOf(schema: JsonSchema): SchemaField[] {
  const all = alternatives(schema);
  if (all.length > 1 && all.every((one) => frameName(one) !== null)) {
    return all.map((frame) => fieldOf(frameName(frame) ?? "", frameData(frame), true, frame));
  }
  return all.flatMap((one) => {
    if (one.type === "array") return fieldsOf(asSchema(one.items) ?? {});
    const required = new Set(Array.isArray(one.required) ? one.required : []);
    return Object.entries(asSchema(one.properties) ?? {}).map(([name, property]) =>
      fieldOf(name, asSchema(property) ?? {}, required.has(name)),
    );
  });
}

function fieldOf(
  name: string,
  schema: JsonSchema,
  required: boolean,
  described: JsonSchema = schema,
): SchemaField {
  // The description of a nullable value is on its non-null alternative.
  const words =
    text(described.description) ||
    alternatives(described)
      .map((one) => text(one.description))
      .find(Boolean);
  const preset = schema.default;
  const shown =
    preset === undefined || typeof preset === "object" ? "" : `Default ${JSON.stringify(preset)}.`;
  return {
    name,
    required,
    type: typeWords(schema),
    description: [words, shown].filter(Boolean).join(" "),
    inner: fieldsOf(schema),
  };
}

function frameName(schema: JsonSchema): string | null {
  const event = asSchema(asSchema(schema.properties)?.event);
  return typeof event?.const === "string" ? event.const : null;
}

function frameData(schema: JsonSchema): JsonSchema {
  return asSchema(asSchema(schema.properties)?.data) ?? {};
}
