import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runHere } from "./testing/run-here.ts";

const ofARun = [
  "show a",
  "logs a",
  "metrics a",
  "predictions a",
  "watch a",
  "pause a",
  "resume a",
  "stop a",
  "checkpoint a",
  "set a b=1",
  "open a",
];

describe("the command line", () => {
  let folder: string;
  let server: Server;
  let url: string;

  /** A dashboard to which no key is good. */
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "signalbox-cli-"));
    server = createServer((_request, response) => {
      const error = { code: "unauthorized", message: "No good key.", request_id: "req_1" };
      response.writeHead(401, { "content-type": "application/json" });
      response.end(JSON.stringify({ error }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const file = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const commands = () => [
    "runs",
    ...ofARun,
    `train --config ${file("run.toml", "[config]\n")} --type sft`,
  ];
  const words = (command: string) => command.split(" ");

  it("says for every command that no address is known", async () => {
    for (const command of commands()) {
      const ended = await runHere(words(command), {}, folder);
      expect(ended, command).toMatchObject({ code: 2, out: "" });
      expect(ended.err, command).toContain("No Signalbox address");
    }
  });

  it("says for every command that the key is not good, and how to get one", async () => {
    const env = { SIGNALBOX_URL: url, SIGNALBOX_API_KEY: "sbx_wrong" };
    for (const command of commands()) {
      const ended = await runHere(words(command), env, folder);
      expect(ended, command).toMatchObject({ code: 1, out: "" });
      expect(ended.err, command).toMatch(/^signalbox: No good key\.\n.*signalbox login/);
    }
  });

  it.each(["runs", "watch a", "stop a"])("says that no server answers %s", async (command) => {
    const env = { SIGNALBOX_URL: "http://127.0.0.1:1", SIGNALBOX_API_KEY: "sbx_any" };
    const ended = await runHere(words(command), env, folder);
    expect(ended).toMatchObject({ code: 1, out: "" });
    expect(ended.err).toMatch(/^signalbox: http:\/\/127\.0\.0\.1:1 cannot be reached: .+\.\n$/);
  });

  it.each<[string, RegExp]>([
    ["fly", /unknown command/],
    ["runs --fast", /unknown option[\s\S]*--help/],
    ["runs --limit many", /whole number, 1 to 500/],
    ["watch", /missing required argument/],
    ["watch a --stream gossip", /not one of status, events/],
    ["watch a --format loud", /Allowed choices/],
    ["train --config run.toml --quiet --format json", /exclude each other/],
    ["watch a --sample-rate 2", /must be a number, 0 to 1/],
    ["set a", /missing required argument/],
    ["set a learning_rate", /name=value/],
    ["pause a --mode nap", /Allowed choices/],
    ["pause a b", /too many arguments/],
    ["logs a -n 0", /whole number, 1 to 5000/],
    ["metrics a --from x", /whole number, 0 or more/],
    ["train --type sft", /--config/],
    ["train --config none.toml --type sft", /Cannot read none\.toml/],
    ["login", /No API key was given/],
    ["--url ftp://x runs", /not an http/],
  ])("ends “%s” with 2 and says why", async (command, says) => {
    const ended = await runHere(words(command), { SIGNALBOX_URL: url }, folder);
    expect(ended).toMatchObject({ code: 2, out: "" });
    expect(ended.err).toMatch(says);
  });

  it.each<[string, string, RegExp]>([
    ["broken", 'name = "x\n', /broken\.toml, line 1/],
    ["stray", "epochs = 3\n", /below \[config\]/],
    ["typed", 'type = "dpo"\n', /type must be one of sft, rl/],
  ])("refuses a run's file that is %s", async (name, text, says) => {
    const ended = await runHere(["train", "--config", file(`${name}.toml`, text)], {}, folder);
    expect(ended).toMatchObject({ code: 2, out: "" });
    expect(ended.err).toMatch(says);
  });

  it("checks that a file can be written before it starts anything", async () => {
    const config = file("run.toml", "");
    const args = ["train", "--config", config, "--type", "sft", "--json-output", "/no/such/file"];
    const ended = await runHere(args, { SIGNALBOX_URL: url }, folder);
    expect(ended).toMatchObject({ code: 2, out: "" });
    expect(ended.err).toContain("Cannot write /no/such/file");
  });

  it.each(["sync", "tensorboard logs"])("needs the Python package to run %s", async (command) => {
    const ended = await runHere(words(command), { PATH: "/nowhere" }, folder);
    expect(ended).toMatchObject({ code: 1, out: "" });
    expect(ended.err).toContain("needs Python with the signalbox package");
  });

  it("helps with examples for every command, and tells the exit codes", async () => {
    const main = await runHere(["--help"]);
    expect(main).toMatchObject({ code: 0, err: "" });
    expect(main.out).toContain("Exit codes:");
    const names = [...main.out.matchAll(/^ {2}(\w+) (?:\[|<| {2})/gm)].map(([, name = ""]) => name);
    for (const command of [...commands(), "login", "doctor"]) {
      expect(names).toContain(words(command)[0]);
    }
    for (const name of names.filter((one) => one !== "help")) {
      const help = await runHere([name, "--help"]);
      expect(help, name).toMatchObject({ code: 0, err: "" });
      expect(help.out, name).toMatch(/Examples:\n {2}(signalbox|xdg-open)/);
    }
    expect((await runHere(["--version"])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
