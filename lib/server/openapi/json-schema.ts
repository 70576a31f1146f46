import type { JsonSchema } from "@signalbox/protocol/openapi";
import { z } from "zod";
import { componentNames } from "./components";

/** Which side of a schema: what is sent to a route, or what it answers. */
export type Direction = "input" | "output";

type Override = NonNullable<Parameters<typeof z.toJSONSchema>[1]>["override"];

/**
 * A zod schema as JSON Schema. Shapes with a name of their own become references to
 * `#/components/schemas/…`, unless the schema itself is one of them and `inline` is set. What zod
 * cannot tell (a custom check) is `{}` unless its `.meta()` says more.
 */
export function toJsonSchema(
  schema: z.ZodType,
  io: Direction,
  { inline = false }: { inline?: boolean } = {},
): JsonSchema {
  const override: Override = ({ zodSchema, jsonSchema, path }) => {
    const name = inline && path.length === 0 ? undefined : componentNames.get(zodSchema);
    if (name !== undefined) return replace(jsonSchema, { $ref: `#/components/schemas/${name}` });
    const { def } = zodSchema._zod;
    // What is checked first and then parsed: the parsing schema tells what may be sent.
    if (io === "input" && def.type === "pipe" && def.in._zod.def.type === "unknown") {
      replace(jsonSchema, toJsonSchema(asZod(def.out), io, { inline: true }));
    }
    // Replies may gain fields: a client must not refuse those it does not know.
    if (io === "output" && def.type === "object" && def.catchall === undefined) {
      delete jsonSchema.additionalProperties;
    }
    // The range of safe integers is JSON's own.
    if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  };
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: "any", override });
  return json;
}

function replace(target: object, content: object): void {
  for (const key of Object.keys(target)) delete target[key as keyof typeof target];
  Object.assign(target, content);
}

/** Zod's core types and its classes are the same objects. */
function asZod(schema: z.core.$ZodType): z.ZodType {
  return schema as z.ZodType;
}
