import { readFile } from "node:fs/promises";
import { expect, runToml, test } from "./kit/cli";
import { piped, Terminal } from "./kit/terminal";
import { attachRun, ingest } from "./kit/test";

const path = (id: string) => `/api/training/${id}`;

test("train draws a run live in a terminal, to its end", async ({ home }) => {
  const config = await home.file("run.toml", runToml("drawn"));
  const terminal = new Terminal(["train", "--config", config, "--type", "sft"], home.env);
  await terminal.sees(/Started “drawn” \(job_\w+\)\s+http/);
  await terminal.sees(/train\/loss\s+[\d.]+\s+step \d+/);
  await terminal.sees(/train\/loss [▁▂▃▄▅▆▇█]+/);
  await terminal.sees(/█+░* +\d+%/);
  expect(await terminal.ended()).toBe(0);
  expect(terminal.text).toMatch(/✓ succeeded · step 40 \/ 40 \(100%\)/);
  expect(terminal.output).toContain("\u001b[32m");
});

test("NO_COLOR leaves a terminal without colours", async ({ home }) => {
  const config = await home.file("run.toml", runToml("plain"));
  const env = { ...home.env, NO_COLOR: "1" };
  const terminal = new Terminal(["train", "--config", config, "--type", "sft"], env);
  expect(await terminal.ended()).toBe(0);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
  expect(terminal.output).not.toMatch(/\u001b\[(3|9)\d/);
});

test("train writes plain lines into a pipe, and JSON beside them into a file", async ({ home }) => {
  const config = await home.file("run.toml", runToml("piped"));
  const file = `${home.env.HOME}/run.jsonl`;
  const filters = ["--stream", "status", "metrics", "--filter-metrics", "eval/*,train/loss"];
  const args = ["train", "--config", config, "--type", "sft", ...filters, "--json-output", file];
  const ended = await piped(args, home.env);
  expect(ended).toMatchObject({ code: 0, err: "" });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
  expect(ended.out).not.toMatch(/\u001b/);
  const lines = ended.out.trimEnd().split("\n");
  expect(lines[0]).toMatch(/^Started “piped”/);
  expect(lines.at(-1)).toMatch(/^✓ succeeded/);
  const printed = lines.slice(1, -1);
  expect(
    printed.every((line) => /^\d\d:\d\d:\d\d (status|metrics (eval\/|train\/loss)) ?/.test(line)),
  ).toBe(true);
  expect(printed.filter((line) => line.includes("metrics train/loss "))).toHaveLength(40);
  const messages = (await readFile(file, "utf8"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(messages).toHaveLength(printed.length);
  expect(messages.at(-1)).toMatchObject({ stream_type: "STATUS", data: { status: "succeeded" } });
});

test("train --format json keeps standard output for JSON alone; --no-poll prints the id", async ({
  home,
  dashboard,
}) => {
  const config = await home.file("run.toml", runToml("json"));
  const json = await piped(
    ["train", "--config", config, "--type", "sft", "--format", "json"],
    home.env,
  );
  expect(json.code).toBe(0);
  expect(json.err).toMatch(/^Started “json”/);
  for (const line of json.out.trimEnd().split("\n")) JSON.parse(line);

  const changes = ["--set", "learning_rate=0.001", "--tag", "more", "--name", "left alone"];
  const args = ["train", "--config", config, "--type", "sft", ...changes];
  const started = await piped([...args, "--no-poll", "--format", "quiet"], home.env);
  expect(started).toMatchObject({ code: 0, err: "" });
  const id = started.out.trim();
  const job = await (await dashboard.api("GET", path(id))).json();
  expect(job).toMatchObject({
    name: "left alone",
    tags: ["cli", "more"],
    config: { learning_rate: 0.001, steps_per_epoch: 20 },
  });
  expect(await piped(["watch", id, "--format", "quiet"], home.env)).toEqual({
    code: 0,
    out: "succeeded\n",
    err: "",
  });
});

test("Ctrl-C leaves the run alone and says so; its end tells the exit code", async ({
  home,
  dashboard,
}) => {
  const config = await home.file(
    "run.toml",
    runToml("slow", { steps_per_epoch: 2000, min_step_ms: 50 }),
  );
  const terminal = new Terminal(["train", "--config", config, "--type", "sft"], home.env);
  await terminal.sees(/train\/loss\s+[\d.]+/);
  terminal.pressCtrlC();
  expect(await terminal.ended()).toBe(130);
  const [, id = ""] = await terminal.sees(/Detached from “slow”[\s\S]*signalbox watch (job_\w+)/);
  const statusOf = async () => (await (await dashboard.api("GET", path(id))).json()).status;
  expect(await statusOf()).toBe("running");

  let killed = false;
  const interrupted = await piped(["watch", "slow", "--new"], home.env, {
    onOutput: (out, kill) => {
      // Once: a second signal may arrive while the program exits, and end it without a code.
      if (out.includes("train/loss") && !killed) kill();
      killed ||= out.includes("train/loss");
    },
  });
  expect(interrupted.code).toBe(130);
  expect(interrupted.err).toContain("Detached from “slow”");
  expect(await statusOf()).toBe("running");

  const watching = piped(["watch", id, "--format", "quiet"], home.env);
  expect((await piped(["stop", "slow"], home.env)).code).toBe(0);
  expect(await watching).toMatchObject({ code: 3, out: "cancelled\n" });
});

test("watch ends with 1 for a run that failed, and gives up after --timeout", async ({
  home,
  dashboard,
}) => {
  const token = await attachRun(dashboard, { job_id: "doomed", total_steps: 3 });
  const late = await piped(["watch", "doomed", "--timeout", "1"], home.env);
  expect(late.code).toBe(1);
  expect(late.err).toContain("did not end within 1 s");
  await ingest(dashboard, token, "metrics", {
    job_id: "doomed",
    metrics: [{ step: 0, loss: "NaN" }],
  });
  await ingest(dashboard, token, "doomed/status", { status: "failed", error: "out of memory" });
  for (const transport of ["sse", "poll"]) {
    const ended = await piped(["watch", "doomed", "--transport", transport], home.env);
    expect(ended.code).toBe(1);
    expect(ended.out).toContain("metrics loss NaN step 0");
    expect(ended.out).toMatch(/✗ failed .*out of memory/);
  }
  const quiet = await piped(["watch", "doomed", "--quiet"], home.env);
  expect(quiet).toEqual({ code: 1, out: "failed\n", err: "" });
});
