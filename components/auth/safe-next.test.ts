import { expect, test } from "vitest";
import { safeNext } from "./safe-next.ts";

test("a path on this site is followed, with its query and hash", () => {
  expect(safeNext("/runs/job_1?tab=logs#l4")).toBe("/runs/job_1?tab=logs#l4");
});

test("anything that could lead to another site goes to the runs page", () => {
  const elsewhere = [
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    "/..//evil.example",
    "/./\\evil.example",
    "runs",
    "",
    null,
    undefined,
  ];
  for (const next of elsewhere) expect(safeNext(next)).toBe("/runs");
});

test("does not lead back to the sign-in page or to a JSON reply", () => {
  expect(safeNext("/sign-in?next=/x")).toBe("/runs");
  expect(safeNext("/api/auth/session")).toBe("/runs");
});
