import { readFileSync } from "node:fs";
import type { z } from "zod";

/** The lines of a JSON-lines file that fit the schema; none if it is missing. A crash may cut one off. */
export function readJsonLines<T>(path: string, schema: z.ZodType<T>): T[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return [];
  }
  return text.split("\n").flatMap((line) => {
    try {
      return [schema.parse(JSON.parse(line))];
    } catch {
      return [];
    }
  });
}
