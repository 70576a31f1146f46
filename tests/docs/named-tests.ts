import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const root = join(import.meta.dirname, "../..");

export interface NamedTest {
  /** Relative to the repository. */
  file: string;
  title: string;
}

export interface Invariant {
  number: string;
  tests: NamedTest[];
}

/**
 * The numbered list under `## Invariants` of a README. An item names its tests as
 * `` `file` › "title" ``, the file relative to the README; lines may break within a title.
 */
export function invariantsOf(readme: string): Invariant[] {
  const text = readFileSync(join(root, readme), "utf8");
  const section = /^## Invariants\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(text)?.[1] ?? "";
  return section.split(/^(?=\d+\. )/m).flatMap((item) => {
    const number = /^(\d+)\. /.exec(item)?.[1];
    if (number === undefined) return [];
    const plain = item.replace(/\s+/g, " ");
    const tests = [...plain.matchAll(/`([^`]+)` › "([^"]+)"/g)].map(([, file, title]) => ({
      file: join(dirname(readme), file ?? ""),
      title: title ?? "",
    }));
    return [{ number, tests }];
  });
}

/** Whether a test of this title stands in its file. */
export function exists({ file, title }: NamedTest): boolean {
  try {
    const text = readFileSync(join(root, file), "utf8");
    return [`"${title}"`, `'${title}'`, `\`${title}\``, `def ${title}(`].some((quoted) =>
      text.includes(quoted),
    );
  } catch {
    return false;
  }
}
