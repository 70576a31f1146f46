import { describe, expect, it } from "vitest";
import { exists, invariantsOf } from "./named-tests.ts";

/** READMEs whose invariants name the tests that hold them. */
const readmes = [
  "docs/operations/tenants.md",
  "lib/server/realtime/README.md",
  "lib/stream/README.md",
  "sdk/typescript/src/stream/README.md",
];

describe.each(readmes)("the invariants of %s", (readme) => {
  const invariants = invariantsOf(readme);

  it("are numbered from 1 on", () => {
    expect(invariants.length).toBeGreaterThan(0);
    expect(invariants.map(({ number }) => number)).toEqual(
      invariants.map((_, index) => String(index + 1)),
    );
  });

  it.each(invariants)("$number names tests that exist", ({ tests }) => {
    expect(tests.length).toBeGreaterThan(0);
    expect(tests.filter((test) => !exists(test))).toEqual([]);
  });
});
