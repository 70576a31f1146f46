import { ownValue } from "@signalbox/protocol/wire/json";
import { fromWireNumber } from "@signalbox/protocol/wire/wire-number";
import type { Command } from "commander";
import stringWidth from "string-width";
import { figure, plainText } from "../../handlers/plain-text.ts";
import type { Job, LiveParam } from "../../types.ts";
import type { CliContext } from "../context.ts";
import { findJob } from "../find-job.ts";
import { duration, paint, progressText, statusText } from "../text.ts";

const examples = `
Examples:
  signalbox show my-run
  signalbox show my-run --json | jq .config`;

/** Everything about one run. */
export function addShowCommand(program: Command, cli: CliContext): void {
  program
    .command("show")
    .description("show a run: state, progress, latest metrics, configuration")
    .argument("<run>", "its id or name")
    .option("--json", "the run as JSON")
    .addHelpText("after", examples)
    .action(async (run: string, { json }: { json?: boolean }) => {
      const job = await findJob(cli, run);
      if (json) return cli.json(job);
      for (const [name, value] of factsOf(cli, job)) fact(cli, name, value);
      section(
        cli,
        "Latest",
        Object.entries(job.latest).map(([name, value]) => [name, number(value)]),
      );
      section(
        cli,
        "Live parameters",
        Object.entries(job.live_params).map(([name, range]) => [
          name,
          `${value(ownValue(job.params, name))}${rangeText(range)}`,
        ]),
      );
      section(
        cli,
        "Configuration",
        Object.entries(job.config).map(([name, one]) => [name, value(one)]),
      );
    });
}

function factsOf(cli: CliContext, job: Job): [string, string][] {
  const facts: [string, string | null][] = [
    ["name", job.name],
    ["id", job.id],
    ["state", statusText(job.status, cli.colour)],
    ["error", job.error],
    ["kind", `${job.kind}${job.managed ? "" : ", attached"}`],
    ["step", progressText(job) || null],
    [
      "epoch",
      job.current_epoch === null ? null : `${figure(job.current_epoch)}${of(job.total_epochs)}`,
    ],
    ["phase", job.phase],
    ["attempt", String(job.attempt)],
    ["tags", job.tags.join(", ") || null],
    ["notes", job.notes || null],
    ["created", job.created_at],
    ["started", job.started_at],
    ["finished", job.finished_at],
    ["trained for", job.active_seconds > 0 ? duration(job.active_seconds) : null],
    ["page", cli.pageOf(job.id)],
  ];
  return facts.filter((one): one is [string, string] => one[1] !== null);
}

const of = (total: number | null) => (total === null ? "" : ` / ${figure(total)}`);
const number = (one: unknown) => figure(fromWireNumber(one));
const value = (one: unknown) =>
  one === undefined ? "" : typeof one === "string" ? one : JSON.stringify(one);

function rangeText({ min, max }: LiveParam): string {
  if (min === undefined && max === undefined) return "";
  return `  (${min ?? "…"} to ${max ?? "…"})`;
}

function fact(cli: CliContext, name: string, text: string): void {
  // The state may hold our own colour codes; everything else is untrusted text.
  const shown = name === "state" ? text : plainText(text);
  cli.print(`${paint(name.padEnd(12), "dim", cli.colour)} ${shown}`);
}

function section(cli: CliContext, title: string, entries: [string, string][]): void {
  if (entries.length === 0) return;
  cli.print("");
  cli.print(paint(title, "bold", cli.colour));
  const width = Math.min(40, Math.max(...entries.map(([name]) => stringWidth(plainText(name)))));
  for (const [name, text] of entries) {
    cli.print(`  ${plainText(name).padEnd(width)}  ${plainText(text)}`);
  }
}
