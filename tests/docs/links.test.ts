import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "*.md"], {
  cwd: root,
  encoding: "utf8",
})
  .trim()
  .split("\n")
  .filter((file) => existsSync(join(root, file)));

/** What a page shows, without the code in it. */
function textOf(file: string): string {
  return readFileSync(join(root, file), "utf8").replaceAll(/^```.*?^```$/gms, "");
}

/** Headings as GitHub makes anchors of them. */
function anchorsOf(file: string): string[] {
  const seen = new Map<string, number>();
  return [...textOf(file).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) => {
    const words = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const anchor = words.replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(" ", "-");
    const before = seen.get(anchor) ?? 0;
    seen.set(anchor, before + 1);
    return before === 0 ? anchor : `${anchor}-${before}`;
  });
}

function problemOf(file: string, link: string): string | null {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? file : normalize(join(dirname(file), path));
  if (!existsSync(join(root, target))) return `${link}: there is no ${target}`;
  if (anchor === undefined) return null;
  if (statSync(join(root, target)).isDirectory() || !target.endsWith(".md")) {
    return `${link}: ${target} has no headings`;
  }
  return anchorsOf(target).includes(anchor) ? null : `${link}: ${target} has no such heading`;
}

describe("the links of the documents", () => {
  it.each(files)("%s leads to files and headings that exist", (file) => {
    const inline = [...textOf(file).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
    const local = inline.filter((link) => !/^[a-z]+:/.test(link));
    expect(local.map((link) => problemOf(file, link)).filter((problem) => problem)).toEqual([]);
  });
});
