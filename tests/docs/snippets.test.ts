import { describe, expect, it } from "vitest";
import { claims } from "./claims.ts";
import { exists } from "./named-tests.ts";
import { documents, snippetsOf } from "./snippets.ts";

const snippets = documents().flatMap(snippetsOf);
const runnable = snippets.filter(({ language }) => language !== "");
const nameOf = ({ file, number }: { file: string; number: number }) => `${file} ${number}`;

describe("the snippets of the documents", () => {
  it("are written in languages that can be run, or are figures", () => {
    const languages = new Set(runnable.map(({ language }) => language));
    expect([...languages].sort()).toEqual(["python", "sh", "toml", "ts"]);
  });

  it.each(runnable.map(nameOf))("%s is claimed by a test that runs it", (name) => {
    const claim = claims[name];
    expect(claim).toBeDefined();
    if (claim && "by" in claim) expect(exists(claim.by)).toBe(true);
    if (claim && "cannot" in claim) expect(claim.cannot).toMatch(/^[A-Z].*\.$/);
  });

  it("are all there that a test claims", () => {
    expect(runnable.map(nameOf)).toEqual(expect.arrayContaining(Object.keys(claims)));
  });
});
