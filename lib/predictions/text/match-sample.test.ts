import { expect, test } from "vitest";
import { findSame, isSameSample, searchText } from "./match-sample.ts";

const sample = (prompt: string, prompt_id: string | null = null, sample_index = 0) => ({
  prompt,
  prompt_id,
  sample_index,
});

test("samples of two runs are the same by id, else by prompt, else by place", () => {
  expect(isSameSample(sample("a", "1"), sample("b", "1"))).toBe(true);
  expect(isSameSample(sample("a", "1"), sample("a", "2"))).toBe(false);
  expect(isSameSample(sample("a", "1"), sample("a"))).toBe(true);
  expect(isSameSample(sample("a"), sample("A"))).toBe(false);
  expect(isSameSample(sample("", null, 3), sample("", null, 3))).toBe(true);
  expect(findSame(sample("b"), [sample("a"), sample("b")])?.prompt).toBe("b");
});

test("the search text is short and ends at a whole character", () => {
  expect(searchText(sample("x".repeat(300)))).toHaveLength(200);
  expect(searchText(sample(`${"x".repeat(199)}😀`))).toBe("x".repeat(199));
  expect(searchText(sample("  "))).toBeNull();
});
