import { spawn } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { type IPty, spawn as spawnPty } from "@lydell/node-pty";

const program = join(resolve(import.meta.dirname, "../.."), "sdk/typescript/bin/signalbox.mjs");

export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

export type Env = Record<string, string | undefined>;

/** The environment of this process without what would steer the program under test. */
function cleanEnv(env: Env): NodeJS.ProcessEnv {
  const clean: NodeJS.ProcessEnv = { ...process.env, TERM: "xterm-256color", ...env };
  for (const name of ["CI", "FORCE_COLOR"]) delete clean[name];
  if (env.NO_COLOR === undefined) delete clean.NO_COLOR;
  for (const [name, value] of Object.entries(clean)) if (value === undefined) delete clean[name];
  return clean;
}

/** Runs the command line with its input and output as pipes. */
export async function piped(
  args: string[],
  env: Env,
  {
    input = "",
    onOutput,
  }: { input?: string; onOutput?: (out: string, kill: () => void) => void } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...args], { env: cleanEnv(env), cwd: env.HOME });
  const ended: Ended = { code: null, out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    ended.out += text;
    onOutput?.(ended.out, () => child.kill("SIGINT"));
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    ended.err += text;
  });
  child.stdin.end(input);
  const [code] = await once(child, "close");
  return { ...ended, code: code as number | null };
}

/** The command line in a pseudo-terminal of 100 by 40. */
export class Terminal {
  /** Everything written so far, control sequences included. */
  output = "";
  readonly #pty: IPty;
  readonly #ended: Promise<number>;
  #wake = () => {};

  constructor(args: string[], env: Env) {
    this.#pty = spawnPty(process.execPath, [program, ...args], {
      cols: 100,
      rows: 40,
      env: cleanEnv(env),
      cwd: env.HOME,
    });
    this.#pty.onData((text) => {
      this.output += text;
      this.#wake();
    });
    this.#ended = new Promise((done) => this.#pty.onExit(({ exitCode }) => done(exitCode)));
    void this.#ended.then(() => this.#wake());
  }

  /** What is written, without control sequences. */
  get text(): string {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
    return this.output.replace(/\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007]*\u0007)/g, "");
  }

  /** Waits until the text matches; rejects when the program has ended without. */
  async sees(pattern: RegExp): Promise<RegExpExecArray> {
    let over = false;
    void this.#ended.then(() => {
      over = true;
    });
    for (;;) {
      const found = pattern.exec(this.text);
      if (found) return found;
      if (over) throw new Error(`The program ended without ${pattern}:\n${this.text}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  type(text: string): void {
    this.#pty.write(text);
  }

  pressCtrlC(): void {
    this.type("\u0003");
  }

  /** The exit code, once it has ended. */
  ended(): Promise<number> {
    return this.#ended;
  }
}

/** Runs a command in a pseudo-terminal to its end. */
export async function inTerminal(
  args: string[],
  env: Env,
): Promise<{ code: number; text: string; raw: string }> {
  const terminal = new Terminal(args, env);
  const code = await terminal.ended();
  return { code, text: terminal.text, raw: terminal.output };
}
