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

type Verdict = "good" | "odd" | "bad";
const marks = { good: ["✓", "green"], odd: ["!", "yellow"], bad: ["✗", "red"] } as const;

const examples = `
✓ is as it should be, ! works but is odd, ✗ does not work; any ✗ makes the exit code 1.

Examples:
  signalbox doctor
  signalbox doctor --url https://signalbox.example.com`;

/** Looks at everything that this program needs, from settings to the live stream. */
export function addDoctorCommand(program: Command, cli: CliContext): void {
  program
    .command("doctor")
    .description("check settings, server, key, clock and live stream")
    .addHelpText("after", examples)
    .action(async () => {
      const doctor = new Doctor(cli);
      await doctor.examine();
      cli.exitCode = doctor.bad ? exitCodes.failure : exitCodes.success;
    });
}

class Doctor {
  bad = false;
  readonly #cli: CliContext;

  constructor(cli: CliContext) {
    this.#cli = cli;
  }

  async examine(): Promise<void> {
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
      settings = resolveSettings({ baseUrl: url }, io.around);
    } catch (error) {
      this.#tell("bad", "settings", wordsOf(error));
      return null;
    }
    const origin = settingsOrigin(io.around, url, settings);
    this.#tell("good", "address", `${settings.baseUrl}, from ${origin.url}`);
    if (settings.apiKey)
      this.#tell("good", "key", `${masked(settings.apiKey)}, from ${origin.key}`);
    else this.#tell("bad", "key", "none for this address: `signalbox login` stores one");
    if (settings.file && isOpenToOthers(settings.file)) {
      this.#tell("odd", "file", `others may read ${settings.file}: chmod 600`);
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
      this.#tell("good", "server", `reached in ${took} ms`);
      this.#tell(
        same ? "good" : "odd",
        "version",
        same ? own : `${health.version}; this program is ${own}`,
      );
      for (const part of ["database", "realtime", "backend"] as const) {
        const word = String(health[part]);
        const verdict = word === "ok" ? "good" : word === "not set up" ? "odd" : "bad";
        this.#tell(verdict, part, word);
      }
      return true;
    } catch (error) {
      this.#rethrow(error);
      const more = error instanceof ConnectionError ? " Is the dashboard running?" : "";
      this.#tell("bad", "server", `${baseUrl}: ${wordsOf(error)}${more}`);
      return false;
    }
  }

  async #key({ apiKey }: Settings): Promise<void> {
    if (!apiKey) return;
    try {
      const found = await findScopes(this.#cli.client, this.#cli.signal);
      const missing = scopes.filter((scope) => !found.includes(scope));
      const without = missing.length > 0 ? `; not ${missing.join(", ")}` : "";
      this.#tell(found.length > 0 ? "good" : "bad", "scopes", `${found.join(", ")}${without}`);
    } catch (error) {
      this.#rethrow(error);
      this.#tell("bad", "scopes", wordsOf(error));
    }
  }

  async #clock(settings: Settings): Promise<void> {
    try {
      const seconds = await clockSkew(settings, this.#cli.signal);
      if (seconds === null) return this.#tell("odd", "clock", "the server does not tell its time");
      const off = Math.round(Math.abs(seconds));
      const way = seconds > 0 ? "ahead of" : "behind";
      // The server tells whole seconds.
      if (off <= 2) this.#tell("good", "clock", "as the server's");
      else this.#tell("odd", "clock", `${off} s ${way} the server's: ages of runs will be off`);
    } catch (error) {
      this.#rethrow(error);
      this.#tell("bad", "clock", wordsOf(error));
    }
  }

  async #stream(settings: Settings): Promise<void> {
    if (!settings.apiKey) return;
    try {
      const took = await openStream(settings, this.#cli.signal);
      this.#tell("good", "stream", `first frame after ${took} ms`);
    } catch (error) {
      this.#rethrow(error);
      this.#tell("bad", "stream", `${wordsOf(error)} Following a run will ask every 2 s instead.`);
    }
  }

  async #backend(): Promise<void> {
    try {
      const { trainers } = await this.#cli.client.capabilities({ signal: this.#cli.signal });
      const kinds = trainers.map(({ kind, name }) => `${kind} (${name})`).join(", ");
      this.#tell(trainers.length > 0 ? "good" : "odd", "trainers", kinds || "none");
    } catch (error) {
      this.#rethrow(error);
      this.#tell("odd", "trainers", wordsOf(error));
    }
  }

  #tell(verdict: Verdict, name: string, text: string): void {
    if (verdict === "bad") this.bad = true;
    const [mark, colour] = marks[verdict];
    const { colour: on } = this.#cli;
    this.#cli.print(`${paint(mark, colour, on)} ${name.padEnd(9)} ${plainText(text)}`);
  }

  #rethrow(error: unknown): void {
    if (error instanceof Interrupted) throw error;
  }
}

function wordsOf(error: unknown): string {
  if (error instanceof SignalboxError || error instanceof Error) return error.message;
  return String(error);
}
