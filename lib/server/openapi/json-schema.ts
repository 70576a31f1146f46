import type { JsonSchema } from "@signalbox/protocol/service/openapi";
import { z } from "zod";
import { componentNames } from "./components";

/** Whether a schema is used for a request or a reply. */
export type Direction = "input" | "output";

type Override = NonNullable<Parameters<typeof z.toJSONSchema>[1]>["override"];

/**
 * A zod schema as JSON Schema. Named schemas become references to `#/components/schemas/…`, except
 * the schema itself if `inline` is set. What zod cannot represent (a custom check) is `{}` unless its
 * `.meta()` says more.
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
    // For a check followed by a parse, the second schema describes the request.
    if (io === "input" && def.type === "pipe" && def.in._zod.def.type === "unknown") {
      replace(jsonSchema, toJsonSchema(asZod(def.out), io, { inline: true }));
    }
    // Replies may gain fields: a client must not reject unknown ones.
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
