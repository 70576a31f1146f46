import { readFile, stat } from "node:fs/promises";
import { expect, runToml, test } from "./kit/cli";
import { type Env, inTerminal, piped, Terminal } from "./kit/terminal";
import { attachRun, ingest } from "./kit/test";

test("levers wait until the trainer has done what was asked", async ({ home }) => {
  const toml = runToml("steered", { steps_per_epoch: 2000, min_step_ms: 50 });
  const config = await home.file("run.toml", toml);
  await piped(["train", "--config", config, "--type", "sft", "--no-poll"], home.env);
  const run = (...args: string[]) => piped([args[0] ?? "", "steered", ...args.slice(1)], home.env);
  const terminal = new Terminal(["watch", "steered"], home.env);
  await terminal.sees(/train\/loss\s+[\d.]+/);

  const set = await run("set", "learning_rate=1e-3");
  expect(set).toMatchObject({ code: 0, err: "" });
  expect(set.out).toMatch(
    /✓ change of parameters applied at step [\d,]+: learning_rate \S+ → 0.001/,
  );
  const checkpoint = await inTerminal(["checkpoint", "steered"], home.env);
  expect(checkpoint.code).toBe(0);
  expect(checkpoint.text).toMatch(/waiting for the trainer[\s\S]*✓ checkpoint applied at step/);
  expect((await run("pause", "--mode", "hold", "--reason", "lunch")).out).toMatch(
    /✓ pause applied/,
  );
  expect((await run("show")).out).toContain("‖ paused");
  const twice = await run("pause");
  expect(twice.code).toBe(1);
  expect(twice.err).toContain("paused cannot be paused");
  const json = JSON.parse((await run("resume", "--json")).out);
  expect(json).toMatchObject({ type: "resume", status: "applied" });
  const unknown = await run("set", "momentum=0.9");
  expect(unknown).toMatchObject({ code: 2, out: "" });
  expect(unknown.err).toContain("learning_rate");
  for (const args of [
    ["set", "steered", "learning_rate=2e-3"],
    ["pause", "steered"],
  ]) {
    const shown = await inTerminal(args, home.env);
    expect(shown.code, shown.text).toBe(0);
    expect(shown.raw).toContain("\u001b[32m✓");
  }
  const resumed = await inTerminal(["resume", "steered", "--reason", "back"], home.env);
  expect(resumed.text).toMatch(/✓ resume applied/);
  expect((await run("checkpoint")).out).toMatch(/✓ checkpoint applied/);
  expect((await run("stop", "--no-wait")).out).toMatch(/stop requested/);
  expect(await terminal.ended()).toBe(3);
  const late = await inTerminal(["stop", "steered"], home.env);
  expect(late).toMatchObject({ code: 1 });
  expect(late.text).toContain("cancelled cannot be stopped");
});

test("finished runs are listed, shown, and read", async ({ home, dashboard }) => {
  const token = await attachRun(dashboard, {
    job_id: "read-me",
    name: "A run, to read",
    total_steps: 2,
    live_params: { learning_rate: { min: 0, max: 1 } },
  });
  await ingest(dashboard, token, "metrics", {
    job_id: "read-me",
    metrics: [
      { step: 0, "train/loss": 2, "odd, name": "Infinity" },
      { step: 1, "train/loss": "NaN" },
    ],
  });
  const lines = [
    { stream: "stdout", text: "first" },
    { stream: "stderr", text: "\u001b[31mwarning\u001b[0m\u001b]0;title\u0007" },
    { stream: "stdout", text: "third" },
  ];
  await ingest(dashboard, token, "read-me/logs", { lines });
  const answer = { step: 1, sample_index: 0, prompt: "cat", ground_truth: "K AE T" };
  await ingest(dashboard, token, "predictions", {
    job_id: "read-me",
    predictions: [
      { ...answer, epoch: 0, prediction: "K" },
      { ...answer, epoch: 1, prediction: "K AE T" },
    ],
  });
  await ingest(dashboard, token, "read-me/status", { status: "succeeded" });
  const read = async (...args: string[]) => (await piped(args, home.env)).out;

  expect(await read("runs", "-q", "to read")).toMatch(
    /^state\tname\tid\tkind\tstep\tlatest\tcreated\nsucceeded\tA run, to read\tread-me\tother\t1\ttrain\/loss NaN\t.+Z\n$/,
  );
  expect((await inTerminal(["runs"], home.env)).text).toMatch(
    /✓ succeeded\s+A run, to read\s+read-me/,
  );
  expect(JSON.parse(await read("runs", "--json")).jobs.length).toBeGreaterThan(0);
  expect(await read("show", "read-")).toMatch(/^name +A run, to read\n/);
  expect(await read("open", "A run")).toBe(`${dashboard.url}/runs/read-me\n`);
  expect(await read("metrics", "read-me")).toMatch(/train\/loss\t2\t0–1\t2\tNaN\t2\t2\t1/);
  expect((await read("metrics", "read-me", "--csv")).split("\n")).toEqual([
    'step,epoch,timestamp,"odd, name",train/loss',
    expect.stringMatching(/^0,,.+Z,Infinity,2$/),
    expect.stringMatching(/^1,,.+Z,,NaN$/),
    "",
  ]);
  expect(await read("logs", "read-me")).toBe(lines.map(({ text }) => `${text}\n`).join(""));
  expect(await read("logs", "read-me", "-n", "1", "-f")).toBe("third\n");
  const shown = await inTerminal(["logs", "read-me"], home.env);
  expect(shown.raw).toContain("\u001b[31mwarning\u001b[0m\r\n");
  expect(shown.raw).not.toContain("title");
  expect(await read("predictions", "read-me")).toMatch(/0\tcat\tK AE T\tK AE T\t✓\t0/);
  expect(await read("predictions", "read-me", "--epoch", "0")).toMatch(/0\tcat\tK\tK AE T\t✗/);
  expect(await read("predictions", "read-me", "--trends")).toMatch(/\n1\t1\t1\t1\t0\t1\n/);

  const seen = async (...args: string[]) => (await inTerminal(args, home.env)).text;
  expect(await seen("show", "read-me")).toMatch(
    /state +✓ succeeded[\s\S]*Live parameters\s+learning_rate +\(0 to 1\)/,
  );
  expect(await seen("metrics", "read-me")).toMatch(/train\/loss +2 +0–1 +2 +NaN +2 +2 +1/);
  expect(await seen("metrics", "read-me", "--csv")).toMatch(/^step,epoch/);
  expect(await seen("predictions", "read-me")).toMatch(
    /0 +cat +K AE T +K AE T +✓ +0[\s\S]*Epoch 1: 1 in all/,
  );
  expect(await seen("predictions", "read-me", "--epoch", "1", "--from", "0")).toMatch(/Epoch 0\s/);
  expect(await seen("open", "read-me")).toBe(`${dashboard.url}/runs/read-me\r\n`);
});

test("logs -f brings each line once, until the run ends", async ({ home, dashboard }) => {
  const token = await attachRun(dashboard, { job_id: "talks", status: "running" });
  const say = (...logs: string[]) => ingest(dashboard, token, "talks/logs", { logs });
  await say("one", "two");
  const terminal = new Terminal(["logs", "talks", "-f"], home.env);
  await terminal.sees(/two/);
  await say("three");
  await terminal.sees(/three/);
  await say("four");
  await ingest(dashboard, token, "talks/status", { status: "succeeded" });
  expect(await terminal.ended()).toBe(0);
  expect(terminal.text.split(/\s+/).filter(Boolean)).toEqual(["one", "two", "three", "four"]);
});

test("a run is meant by a name or a beginning only where that is one run", async ({
  home,
  dashboard,
}) => {
  for (const id of ["twin-1", "twin-2"]) await attachRun(dashboard, { job_id: id, name: "Twins" });
  const both = await piped(["show", "Twins"], home.env);
  expect(both).toMatchObject({ code: 2, out: "" });
  expect(both.err).toMatch(/may be 2 runs:[\s\S]*twin-1[\s\S]*twin-2|twin-2[\s\S]*twin-1/);
  const none = await piped(["show", "triplet"], home.env);
  expect(none).toMatchObject({ code: 1, out: "" });
  expect(none.err).toContain("There is no run “triplet”");
});

test("login asks without echo, checks, and stores for this user alone", async ({
  home,
  dashboard,
}) => {
  const key = home.env.SIGNALBOX_API_KEY ?? "";
  const env: Env = { ...home.env, SIGNALBOX_URL: undefined, SIGNALBOX_API_KEY: undefined };
  const file = `${env.HOME}/.signalbox/credentials.json`;
  const wrong = await piped(["login", "--url", dashboard.url], env, { input: "sbx_wrong\n" });
  expect(wrong).toMatchObject({ code: 1, out: "" });
  await expect(stat(file)).rejects.toThrow();

  const terminal = new Terminal(["login"], env);
  await terminal.sees(/Dashboard \[.+\]: /);
  terminal.type(`${dashboard.url}/\r`);
  await terminal.sees(/API key \(not shown\): /);
  terminal.type(`${key}\r`);
  expect(await terminal.ended()).toBe(0);
  expect(terminal.output).not.toContain(key.slice(4));
  expect(terminal.text).toMatch(/this key may: read, ingest, control/);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(JSON.parse(await readFile(file, "utf8"))).toEqual({ url: dashboard.url, api_key: key });
  expect((await piped(["runs"], env)).code).toBe(0);

  const asked = new Terminal(["login", "--url", dashboard.url], env);
  await asked.sees(/API key \(not shown\): /);
  asked.pressCtrlC();
  expect(await asked.ended()).toBe(130);
});

test("doctor finds what is wrong, and nothing where nothing is", async ({ home }) => {
  const good = await piped(["doctor"], home.env);
  expect(good).toMatchObject({ code: 0, err: "" });
  for (const word of ["SIGNALBOX_URL", "read, ingest, control", "stream", "trainers", "clock"]) {
    expect(good.out).toContain(word);
  }
  expect(good.out).not.toContain("✗");
  expect((await inTerminal(["doctor"], home.env)).raw).toContain("\u001b[32m✓");
  const key = await piped(["doctor"], { ...home.env, SIGNALBOX_API_KEY: "sbx_wrong" });
  expect(key.code).toBe(1);
  expect(key.out).toMatch(/✗ scopes/);
  const server = await piped(["doctor"], { ...home.env, SIGNALBOX_URL: "http://127.0.0.1:1" });
  expect(server.code).toBe(1);
  expect(server.out).toMatch(/✗ server[\s\S]*Is the dashboard running/);
});

const everywhere = [
  "runs",
  "show a",
  "logs a",
  "metrics a",
  "predictions a",
  "watch a",
  "pause a",
].concat(["resume a", "stop a", "checkpoint a", "set a b=1", "open a"]);

test("every command says clearly that there is no server, no address, or no good key", async ({
  home,
}) => {
  const config = await home.file("run.toml", runToml("never"));
  const commands = [...everywhere, `train --config ${config} --type sft`].map((text) =>
    text.split(" "),
  );
  const { SIGNALBOX_URL: _, ...lost } = home.env;
  const cases = [
    {
      env: { ...home.env, SIGNALBOX_URL: "http://127.0.0.1:1" },
      code: 1,
      says: /cannot be reached/,
    },
    { env: { ...lost, SIGNALBOX_URL: undefined }, code: 2, says: /No Signalbox address/ },
    { env: { ...home.env, SIGNALBOX_API_KEY: "sbx_wrong" }, code: 1, says: /signalbox login/ },
  ];
  for (const { env, code, says } of cases) {
    const ends = await Promise.all(commands.map((args) => piped(args, env)));
    for (const [i, ended] of ends.entries()) {
      expect(ended, commands[i]?.join(" ")).toMatchObject({ code, out: "" });
      expect(ended.err).toMatch(says);
      expect(ended.err).not.toMatch(/\n\s+at /);
    }
  }
});

test("arguments and files that are wrong end with 2 and the way to help", async ({ home }) => {
  const broken = await home.file("broken.toml", 'name = "x\n');
  const stray = await home.file("stray.toml", "epochs = 3\n");
  const refused = await home.file("refused.toml", "[config]\nepochs = -3\n");
  const wrong: [string[], RegExp][] = [
    [["fly"], /unknown command/],
    [["runs", "--fast"], /unknown option/],
    [["runs", "--limit", "many"], /whole number, 1 to 500/],
    [["runs", "--status", "flying"], /status/],
    [["watch"], /missing required argument/],
    [["watch", "a", "--stream", "gossip"], /none of status, events/],
    [["watch", "a", "--format", "loud"], /Allowed choices/],
    [["set", "a", "learning_rate"], /name=value/],
    [["pause", "a", "--mode", "nap"], /Allowed choices/],
    [["train", "--type", "sft"], /--config/],
    [["train", "--config", broken, "--type", "sft"], /broken\.toml, line 1/],
    [["train", "--config", stray, "--type", "sft"], /below \[config\]/],
    [["train", "--config", "none.toml", "--type", "sft"], /cannot be read/],
    [["train", "--config", refused], /say --type/],
    [["train", "--config", refused, "--type", "sft"], /epochs/],
    [
      ["train", "--config", refused, "--type", "sft", "--json-output", "/no/such"],
      /cannot be written/,
    ],
    [["login"], /No key/],
    [["--url", "ftp://x", "runs"], /no http/],
  ];
  const ends = await Promise.all(wrong.map(([args]) => piped(args, home.env)));
  for (const [i, ended] of ends.entries()) {
    const [args, says] = wrong[i] ?? [[], /$^/];
    expect(ended, args.join(" ")).toMatchObject({ code: 2, out: "" });
    expect(ended.err, args.join(" ")).toMatch(says);
  }
});

test("help shows examples for every command, and the exit codes", async ({ home }) => {
  const main = await piped(["--help"], home.env);
  expect(main.code).toBe(0);
  expect(main.out).toContain("Exit codes:");
  const names = [...main.out.matchAll(/^ {2}(\w+) (\[|<| {2})/gm)].map(([, name = ""]) => name);
  expect(names).toEqual(expect.arrayContaining(["train", "watch", "login", "doctor"]));
  for (const name of names.filter((one) => one !== "help")) {
    const help = await piped([name, "--help"], home.env);
    expect(help.code).toBe(0);
    expect(help.out, name).toMatch(/Examples:\n {2}(signalbox|xdg-open)/);
  }
  expect((await piped(["--version"], home.env)).out).toMatch(/^\d+\.\d+\.\d+\n$/);
});
