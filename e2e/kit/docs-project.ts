import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { findPython } from "../../scripts/test/python";
import type { Run } from "../../tests/docs/claims";
import { type Snippet, snippetsOf } from "../../tests/docs/snippets";
import type { Dashboard } from "./dashboard";

const root = resolve(import.meta.dirname, "../..");
const sdk = join(root, "sdk/typescript");

interface Printed {
  code: number | null;
  output: string;
}

/** A folder as a reader has it: a Python environment, the packages, and the dashboard's key. */
export class DocsProject {
  readonly folder: string;
  readonly #env: Record<string, string>;
  readonly python: string;

  private constructor(folder: string, env: Record<string, string>) {
    this.folder = folder;
    this.#env = env;
    this.python = join(folder, "venv/bin/python");
  }

  /** Null where there is no Python that makes environments. */
  static async create(dashboard: Dashboard): Promise<DocsProject | null> {
    const python = findPython();
    if (!python) return null;
    const folder = await mkdtemp(join(tmpdir(), "signalbox-docs-"));
    try {
      execFileSync(python, ["-m", "venv", join(folder, "venv")], { stdio: "ignore" });
    } catch {
      await rm(folder, { recursive: true, force: true });
      return null;
    }
    const modules = join(folder, "node_modules");
    const installed = join(modules, "signalbox");
    await mkdir(join(modules, ".bin"), { recursive: true });
    cpSync(join(sdk, "package.json"), join(installed, "package.json"));
    cpSync(join(sdk, "bin"), join(installed, "bin"), { recursive: true });
    execFileSync(process.execPath, [join(sdk, "build.mjs"), join(installed, "dist")]);
    // What the package depends on is found where the clone has it.
    await symlink(join(root, "node_modules"), join(installed, "node_modules"));
    await symlink("../signalbox/bin/signalbox.mjs", join(modules, ".bin/signalbox"));
    await mkdir(join(folder, "home"));
    return new DocsProject(folder, {
      HOME: join(folder, "home"),
      VIRTUAL_ENV: join(folder, "venv"),
      SIGNALBOX_URL: dashboard.url,
      SIGNALBOX_API_KEY: await dashboard.apiKey(),
    });
  }

  /** The code of a snippet with what it continues, and with the texts that are another here. */
  async codeOf(snippet: Snippet, run: Run, id: string): Promise<string> {
    const others = snippetsOf(snippet.file).filter(({ number }) => run.after?.includes(number));
    const whole = [...others, snippet].map(({ code }) => code).join("\n");
    return Object.entries(run.replace ?? {}).reduce((code, [text, other]) => {
      if (!code.includes(text)) throw new Error(`There is no ${text} to replace.`);
      return code.replaceAll(text, this.#fill(other, id));
    }, whole);
  }

  #fill(text: string, id = ""): string {
    return text
      .replaceAll("{url}", this.#env.SIGNALBOX_URL ?? "")
      .replaceAll("{key}", this.#env.SIGNALBOX_API_KEY ?? "")
      .replaceAll("{id}", id);
  }

  has(module: string): boolean {
    try {
      execFileSync(this.python, ["-c", `import ${module}`], { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  }

  /** Runs code as its reader does, and returns all that it printed. */
  async run(language: string, code: string, run: Run): Promise<Printed> {
    for (const [name, text] of Object.entries(run.files ?? {})) {
      await mkdir(dirname(join(this.folder, name)), { recursive: true });
      await writeFile(join(this.folder, name), text);
    }
    const file = join(this.folder, `snippet.${language === "ts" ? "mts" : "py"}`);
    if (language !== "sh") await writeFile(file, code);
    const [command, args] = {
      sh: ["bash", ["-euc", code]] as const,
      ts: [process.execPath, [file]] as const,
      python: [this.python, [file]] as const,
    }[language] ?? ["false", []];
    const environment = join(this.folder, "venv/bin");
    const packages = join(this.folder, "node_modules/.bin");
    const first = run.cli === "typescript" ? [packages, environment] : [environment, packages];
    const PATH = [...first, dirname(process.execPath), process.env.PATH].join(delimiter);
    const child = spawn(command, args, {
      cwd: this.folder,
      env: { ...process.env, FORCE_COLOR: undefined, ...this.#env, PATH, NO_COLOR: "1" },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (text) => {
        output += text;
      });
    }
    child.stdin.on("error", () => {});
    child.stdin.end(this.#fill(run.input ?? ""));
    const [exit] = (await once(child, "close")) as [number | null];
    return { code: exit, output };
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
