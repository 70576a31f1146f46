import { expect, test } from "vitest";
import { runStyles } from "./run-styles.ts";

test("a run keeps its style when others join after it; eight have eight colours", () => {
  const ids = Array.from({ length: 20 }, (_, i) => `run-${i}`);
  const eight = runStyles(ids.slice(0, 8));
  const all = runStyles(ids);
  for (const id of ids.slice(0, 8)) expect(all.get(id)).toEqual(eight.get(id));
  expect(new Set([...eight.values()].map(({ colour }) => colour)).size).toBe(8);
  expect(new Set([...all.values()].map((style) => JSON.stringify(style))).size).toBe(20);
});
