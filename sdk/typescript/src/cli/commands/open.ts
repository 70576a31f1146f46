import type { Command } from "commander";
import { openInBrowser } from "../browser.ts";
import type { CliContext } from "../context.ts";
import { findJob } from "../find-job.ts";
import { ownerLink } from "../owner-link.ts";

/** Opens the dashboard, or prints the URL of a run's page. */
export function addOpenCommand(program: Command, cli: CliContext): void {
  program
    .command("open")
    .description("open the dashboard in a browser, or print the URL of a run's page")
    .argument("[run]", "its id or name")
    .addHelpText(
      "after",
      "\nWithout a run, on the machine where the dashboard was started: makes a link that signs in one\nbrowser, once within ten minutes, and opens it. In a pipe it is only printed.\n\nExamples:\n  signalbox open\n  xdg-open $(signalbox open my-run)",
    )
    .action(async (run: string | undefined) => {
      if (run !== undefined) {
        cli.print(cli.pageOf((await findJob(cli, run)).id));
        return;
      }
      const url = (await ownerLink(cli)) ?? `${cli.client.baseUrl}/runs`;
      cli.print(url);
      if (!cli.terminal || (await openInBrowser(url, cli.io.environment.env))) return;
      cli.note("No browser could be started. Open this address in one.");
    });
}
