import { describe, expect, it } from "vitest";
import { JsonCount, jsonLimits } from "./json-count.ts";

/** Counts a text that arrives in chunks of this many bytes. */
function count(text: string, chunk = 1000): void {
  const bytes = new TextEncoder().encode(text);
  const counter = new JsonCount();
  for (let at = 0; at < bytes.length; at += chunk) counter.add(bytes.subarray(at, at + chunk));
}
const list = (item: string, length: number) => `[${Array(length).fill(item).join(",")}]`;

describe("what a body is made of", () => {
  it.each([
    ["values", list("1", jsonLimits.values + 1), list("1", jsonLimits.values)],
    ["lists and objects", list("[]", jsonLimits.containers), list("[]", jsonLimits.containers - 1)],
    ["lists and objects", list("{}", jsonLimits.containers), list("{}", jsonLimits.containers - 1)],
    ["fields", list('{"a":1}', jsonLimits.fields + 1), list('{"a":1}', jsonLimits.fields)],
  ])("is refused beyond a number of %s", (what, tooMany, enough) => {
    expect(() => count(tooMany)).toThrow(`${what}.`);
    expect(() => count(enough)).not.toThrow();
  });

  it.each([1, 2, 3, 1000])("leaves texts out, in chunks of %d", (chunk) => {
    const text = `\\"${"[{,:\\\\".repeat(60_000)}`;
    expect(() => count(`{"a":"${text}"}`, chunk)).not.toThrow();
  });
});
