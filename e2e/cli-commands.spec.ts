import { readFile, stat } from "node:fs/promises";
import { expect, runToml, test } from "./kit/cli";
import { type Env, inTerminal, piped, Terminal } from "./kit/terminal";
import { attachRun, ingest } from "./kit/test";

test("control commands wait for the trainer to apply them", async ({ home }) => {
  const toml = runToml("steered", { steps_per_epoch: 2000, min_step_ms: 50 });
  const config = await home.file("run.toml", toml);
  await piped(["train", "--config", config, "--type", "sft", "--no-poll"], home.env);
  const run = (...args: string[]) => piped([args[0] ?? "", "steered", ...args.slice(1)], home.env);
  const terminal = new Terminal(["watch", "steered"], home.env);
  await terminal.sees(/train\/loss\s+[\d.]+/);

  const set = await run("set", "learning_rate=1e-3");
  expect(set).toMatchObject({ code: 0, err: "" });
  expect(set.out).toMatch(/✓ parameter change applied at step [\d,]+: learning_rate \S+ → 0.001/);
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

test("a command that is rejected, or not answered, exits with a failure", async ({
  home,
  dashboard,
}) => {
  const token = await attachRun(dashboard, { job_id: "stubborn", status: "running" });
  const late = await piped(["checkpoint", "stubborn", "--timeout", "1"], home.env);
  expect(late).toMatchObject({ code: 1, out: "" });
  expect(late.err).toContain("was not answered within 1 s");

  const refused = new Terminal(["pause", "stubborn"], home.env);
  await refused.sees(/waiting for the trainer/);
  const asked = await dashboard.api("GET", "/api/training/local/stubborn/commands?limit=10");
  const { commands } = (await asked.json()) as { commands: { id: string; type: string }[] };
  for (const { id } of commands) {
    const answer = { status: "rejected", reason: "no room on the disk" };
    await ingest(dashboard, token, `stubborn/commands/${id}/ack`, answer);
  }
  expect(await refused.ended()).toBe(1);
  expect(refused.text).toContain("✗ pause rejected: no room on the disk");

  const left = new Terminal(["stop", "stubborn"], home.env);
  await left.sees(/waiting for the trainer/);
  left.pressCtrlC();
  expect(await left.ended()).toBe(130);
  expect(left.text).toContain("The command stays queued");
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
  // Other tests' runs would share the width of the table.
  expect((await inTerminal(["runs", "-q", "to read"], home.env)).text).toMatch(
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
    /0 +cat +K AE T +K AE T +✓ +0[\s\S]*Epoch 1: 1 in total/,
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
  expect(both.err).toMatch(/matches 2 runs:[\s\S]*twin-1[\s\S]*twin-2|twin-2[\s\S]*twin-1/);
  const none = await piped(["show", "triplet"], home.env);
  expect(none).toMatchObject({ code: 1, out: "" });
  expect(none.err).toContain("Run “triplet” not found");
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
  await terminal.sees(/Dashboard URL/);
  terminal.type(`${dashboard.url}/\r`);
  await terminal.sees(/API key/);
  terminal.type(`${key}\r`);
  expect(await terminal.ended()).toBe(0);
  expect(terminal.output).not.toContain(key.slice(4));
  expect(terminal.text).toMatch(/scopes: read, ingest, control/);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(JSON.parse(await readFile(file, "utf8"))).toEqual({ url: dashboard.url, api_key: key });
  expect((await piped(["runs"], env)).code).toBe(0);

  const asked = new Terminal(["login", "--url", dashboard.url], env);
  await asked.sees(/API key/);
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

test("an unreachable server and an invalid key have different errors", async ({ home }) => {
  const away = { ...home.env, SIGNALBOX_URL: "http://127.0.0.1:1" };
  const wrong = { ...home.env, SIGNALBOX_API_KEY: "sbx_wrong" };
  for (const run of [piped, inTerminal]) {
    const lost = await run(["runs"], away);
    const refused = await run(["runs"], wrong);
    const said = (ended: typeof lost) => ("err" in ended ? ended.err : ended.text);
    expect(lost.code).toBe(1);
    expect(said(lost)).toMatch(/cannot be reached/);
    expect(refused.code).toBe(1);
    expect(said(refused)).toMatch(/signalbox login/);
  }
});

test("what the server refuses for what was typed ends with 2 and names the field", async ({
  home,
}) => {
  const config = await home.file("run.toml", "[config]\nepochs = -3\n");
  const train = await piped(["train", "--config", config, "--type", "sft"], home.env);
  expect(train).toMatchObject({ code: 2, out: "" });
  expect(train.err).toContain("epochs");
  const runs = await inTerminal(["runs", "--status", "flying"], home.env);
  expect(runs.code).toBe(2);
  expect(runs.text).toContain("status");
});
