import type { Command } from "commander";
import { SignalboxClient } from "../../client.ts";
import { findCredentialsFile, resolveSettings } from "../../settings.ts";
import type { CliContext } from "../context.ts";
import { ownCredentialsFile, storeCredentials } from "../credentials.ts";
import { usageError } from "../exit.ts";
import { findScopes } from "../probe.ts";
import { promptSecret, promptText, readPiped } from "../prompt.ts";
import { paint } from "../text.ts";

const examples = `
Create an API key on the dashboard under Settings › API keys. It is verified, then stored in
~/.signalbox/credentials.json, readable only by you.

Examples:
  signalbox login                                              prompts for both
  signalbox login --url https://signalbox.example.com          prompts for the key
  signalbox login --url https://signalbox.example.com < key.txt`;

/** Stores the dashboard's URL and a key for this user. */
export function addLoginCommand(program: Command, cli: CliContext): void {
  program
    .command("login")
    .description("verify a URL and an API key, and store them")
    .option(
      "--api-key <key>",
      "the API key; prefer the prompt or a pipe, since other users can see arguments",
    )
    .addHelpText("after", examples)
    .action((options: { apiKey?: string }) => login(cli, options.apiKey));
}

async function login(cli: CliContext, given: string | undefined): Promise<void> {
  const { environment, stdin } = cli.io;
  const suggestion = cli.url ?? configuredUrl(cli) ?? "http://127.0.0.1:3000";
  const interactive = stdin.isTTY === true;
  const url =
    cli.url ?? (interactive ? await promptText(cli, "Dashboard URL", suggestion) : suggestion);
  const { baseUrl } = resolveSettings({ baseUrl: url, apiKey: "unknown" }, environment);
  const apiKey = given ?? (interactive ? await promptSecret(cli, "API key") : await readPiped(cli));
  if (apiKey === "") throw usageError("No API key was given.");

  const client = new SignalboxClient({ baseUrl, apiKey, environment });
  const scopes = await findScopes(client, cli.signal);
  const file = ownCredentialsFile(environment);
  storeCredentials(file, { url: baseUrl, api_key: apiKey });
  cli.print(paint(`✓ Signed in to ${baseUrl}`, "green", cli.colour));
  cli.print(`  scopes: ${scopes.join(", ") || "none"}`);
  cli.print(`  saved to ${file}`);
  warnOfPrecedence(cli, file);
}

function configuredUrl(cli: CliContext): string | null {
  try {
    return resolveSettings({}, cli.io.environment).baseUrl;
  } catch {
    return null;
  }
}

/** Warns if other settings take precedence over what was just stored. */
function warnOfPrecedence(cli: CliContext, file: string): void {
  const { env } = cli.io.environment;
  for (const name of ["SIGNALBOX_URL", "SIGNALBOX_API_KEY"]) {
    if (env[name]) cli.note(`Note: ${name} is set and takes precedence.`);
  }
  const found = findCredentialsFile(cli.io.environment);
  if (found && found !== file) cli.note(`Note: in this folder ${found} takes precedence.`);
}
