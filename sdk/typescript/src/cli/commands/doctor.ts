import type { Command } from "commander";
import { ConnectionError, SignalboxError } from "../../errors.ts";
import { plainText } from "../../handlers/plain-text.ts";
import { type ResolvedSettings, resolveSettings, type Settings } from "../../settings.ts";
import type { CliContext } from "../context.ts";
import { isOpenToOthers, masked, settingsOrigin } from "../credentials.ts";
import { exitCodes, Interrupted } from "../exit.ts";
import { findScopes, scopes } from "../probe.ts";
import { clockSkew, openStream } from "../server-checks.ts";
import { paint } from "../text.ts";
import { packageVersion } from "../version.ts";

type Outcome = "pass" | "warn" | "fail";
const marks = { pass: ["✓", "green"], warn: ["!", "yellow"], fail: ["✗", "red"] } as const;

const examples = `
✓ passed, ! warning, ✗ failed. The exit code is 1 if any check failed.

Examples:
  signalbox doctor
  signalbox doctor --url https://signalbox.example.com`;

/** Checks everything that this program needs, from settings to the live stream. */
export function addDoctorCommand(program: Command, cli: CliContext): void {
  program
    .command("doctor")
    .description("check settings, server, key, clock and live stream")
    .addHelpText("after", examples)
    .action(async () => {
      const doctor = new Doctor(cli);
      await doctor.run();
      cli.exitCode = doctor.failed ? exitCodes.failure : exitCodes.success;
    });
}

class Doctor {
  failed = false;
  readonly #cli: CliContext;

  constructor(cli: CliContext) {
    this.#cli = cli;
  }

  async run(): Promise<void> {
    const settings = this.#settings();
    if (!settings || !(await this.#server(settings))) return;
    await this.#key(settings);
    await this.#clock(settings);
    await this.#stream(settings);
    await this.#backend();
  }

  #settings(): Settings | null {
    const { io, url } = this.#cli;
    let settings: ResolvedSettings;
    try {
      settings = resolveSettings({ baseUrl: url }, io.environment);
    } catch (error) {
      this.#report("fail", "settings", messageOf(error));
      return null;
    }
    const origin = settingsOrigin(io.environment, url, settings);
    this.#report("pass", "address", `${settings.baseUrl}, from ${origin.url}`);
    if (settings.apiKey)
      this.#report("pass", "key", `${masked(settings.apiKey)}, from ${origin.key}`);
    else this.#report("fail", "key", "none for this URL; run `signalbox login` to store one");
    if (settings.file && isOpenToOthers(settings.file)) {
      this.#report("warn", "file", `other users can read ${settings.file}; run chmod 600`);
    }
    return settings;
  }

  async #server({ baseUrl }: Settings): Promise<boolean> {
    const startedAt = performance.now();
    try {
      const health = await this.#cli.client.health({ signal: this.#cli.signal });
      const took = Math.round(performance.now() - startedAt);
      const own = packageVersion();
      const same = health.version === own;
      this.#report("pass", "server", `reached in ${took} ms`);
      this.#report(
        same ? "pass" : "warn",
        "version",
        same ? own : `${health.version}; this CLI is ${own}`,
      );
      for (const part of ["database", "realtime", "backend"] as const) {
        const word = String(health[part]);
        const outcome = word === "ok" ? "pass" : word === "not set up" ? "warn" : "fail";
        this.#report(outcome, part, word);
      }
      if (health.disk === "low") this.#report("warn", "disk", "almost full");
      else if (health.disk === "full") this.#report("fail", "disk", "full; new rows are refused");
      return true;
    } catch (error) {
      this.#rethrow(error);
      const more = error instanceof ConnectionError ? " Is the dashboard running?" : "";
      this.#report("fail", "server", `${baseUrl}: ${messageOf(error)}${more}`);
      return false;
    }
  }

  async #key({ apiKey }: Settings): Promise<void> {
    if (!apiKey) return;
    try {
      const found = await findScopes(this.#cli.client, this.#cli.signal);
      const missing = scopes.filter((scope) => !found.includes(scope));
      const without = missing.length > 0 ? `; missing ${missing.join(", ")}` : "";
      this.#report(found.length > 0 ? "pass" : "fail", "scopes", `${found.join(", ")}${without}`);
    } catch (error) {
      this.#rethrow(error);
      this.#report("fail", "scopes", messageOf(error));
    }
  }

  async #clock(settings: Settings): Promise<void> {
    try {
      const seconds = await clockSkew(settings, this.#cli.signal);
      if (seconds === null)
        return this.#report("warn", "clock", "the server does not send its time");
      const off = Math.round(Math.abs(seconds));
      const way = seconds > 0 ? "ahead of" : "behind";
      // The server sends whole seconds.
      if (off <= 2) this.#report("pass", "clock", "in sync with the server");
      else
        this.#report("warn", "clock", `${off} s ${way} the server's; relative times will be off`);
    } catch (error) {
      this.#rethrow(error);
      this.#report("fail", "clock", messageOf(error));
    }
  }

  async #stream(settings: Settings): Promise<void> {
    if (!settings.apiKey) return;
    try {
      const took = await openStream(settings, this.#cli.signal);
      this.#report("pass", "stream", `first frame after ${took} ms`);
    } catch (error) {
      this.#rethrow(error);
      this.#report(
        "fail",
        "stream",
        `${messageOf(error)} Following a run will poll every 2 s instead.`,
      );
    }
  }

  async #backend(): Promise<void> {
    try {
      const { trainers } = await this.#cli.client.capabilities({ signal: this.#cli.signal });
      const kinds = trainers.map(({ kind, name }) => `${kind} (${name})`).join(", ");
      this.#report(trainers.length > 0 ? "pass" : "warn", "trainers", kinds || "none");
    } catch (error) {
      this.#rethrow(error);
      this.#report("warn", "trainers", messageOf(error));
    }
  }

  #report(outcome: Outcome, name: string, text: string): void {
    if (outcome === "fail") this.failed = true;
    const [mark, colour] = marks[outcome];
    const { colour: on } = this.#cli;
    this.#cli.print(`${paint(mark, colour, on)} ${name.padEnd(9)} ${plainText(text)}`);
  }

  #rethrow(error: unknown): void {
    if (error instanceof Interrupted) throw error;
  }
}

function messageOf(error: unknown): string {
  if (error instanceof SignalboxError || error instanceof Error) return error.message;
  return String(error);
}
