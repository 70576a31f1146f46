import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { namePattern } from "./name-pattern.ts";

const names = [
  "train/loss",
  "eval/Loss",
  "train/grad_norm",
  "layers.12.weight",
  "",
  "a",
  "aaab",
  "x-1",
];

function expressionOf(text: string): RegExp | null {
  try {
    return new RegExp(text, "i");
  } catch {
    return null;
  }
}

describe("a pattern of names", () => {
  it.each([
    "loss$",
    "^train/",
    "^(train|eval)/loss$",
    "(?:grad|weight)",
    "layers\\.\\d+\\.weight",
    "[a-c]+b",
    "[^a-z/]",
    "a{2,3}b",
    "a{3}",
    "a{2,}",
    "x-?\\d",
    "tr.*s",
    "^$",
    "(a|b)*b",
    "[\\w-]+1",
    "e|l.*(o|z)s+$",
  ])("matches %s as the browser would", (pattern) => {
    const match = namePattern(pattern);
    for (const name of names) {
      expect([name, match?.(name)]).toEqual([name, new RegExp(pattern, "i").test(name)]);
    }
  });

  it("agrees with the browser on any pattern that it understands", () => {
    const parts = ["a", "b", ".", "*", "+", "?", "|", "(", ")", "[ab]", "[^a]", "^", "$", "{1,2}"];
    const pattern = fc
      .array(fc.constantFrom(...parts), { maxLength: 8 })
      .map((all) => all.join(""));
    const name = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 6 });
    fc.assert(
      fc.property(pattern, name, (text, of) => {
        const match = namePattern(text);
        const browsers = expressionOf(text);
        if (match && browsers) expect(match(of)).toBe(browsers.test(of));
      }),
      { numRuns: 2000 },
    );
  });

  it.each(["(", "a)", "[a", "*a", "a**", "(?=a)", "\\b", "\\", "(a", "a{9999}", "a".repeat(201)])(
    "is none: %s",
    (pattern) => {
      expect(namePattern(pattern)).toBeNull();
    },
  );

  it.each(["(a+)+$", "(a*)*(a*)*b", "a*a*a*a*a*a*a*a*c", "((((((a*)*)*)*)*)*)*c", "(a|a|aa)+$"])(
    "takes no longer for %s than for others",
    (pattern) => {
      const match = namePattern(pattern);
      const name = `${"a".repeat(256)}!`;
      const started = process.cpuUsage();
      for (let i = 0; i < 10; i++) expect(match?.(name)).toBe(false);
      // Microseconds; an engine that goes back takes longer than anybody waits.
      expect(process.cpuUsage(started).user).toBeLessThan(2_000_000);
    },
  );
});
