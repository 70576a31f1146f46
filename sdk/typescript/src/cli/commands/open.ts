import type { Command } from "commander";
import type { CliContext } from "../context.ts";
import { findJob } from "../find-job.ts";

/** The URL of a run's page. */
export function addOpenCommand(program: Command, cli: CliContext): void {
  program
    .command("open")
    .description("print the URL of a run's page, or of the list of runs")
    .argument("[run]", "its id or name")
    .addHelpText(
      "after",
      "\nExamples:\n  signalbox open my-run\n  xdg-open $(signalbox open my-run)",
    )
    .action(async (run: string | undefined) => {
      if (run === undefined) cli.print(`${cli.client.baseUrl}/runs`);
      else cli.print(cli.pageOf((await findJob(cli, run)).id));
    });
}
