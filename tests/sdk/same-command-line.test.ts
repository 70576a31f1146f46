import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runHere } from "../../sdk/typescript/src/cli/testing/run-here.ts";
import { type JobDriver, startWithOwner } from "../api/job-driver.ts";
import type { TestApi } from "../api/kit.ts";
import { findTomlPython, runPython } from "./run-python.ts";
import { type ServedApi, serveApi } from "./serve-api.ts";

const python = findTomlPython() ?? "";
/** Each line is run by both, and starting a Python takes its time on a busy machine. */
const slow = { timeout: 180_000 };

describe.skipIf(!python)("the command lines of both packages, on a real dashboard", slow, () => {
  let api: TestApi;
  let act: JobDriver;
  let served: ServedApi;
  let key: string;
  let env: Record<string, string>;
  let folder: string;

  beforeAll(async () => {
    const owner = await startWithOwner({ engine: "pglite" });
    ({ api, act, key } = owner);
    served = await serveApi(api);
    env = { SIGNALBOX_URL: served.url, SIGNALBOX_API_KEY: key };
    folder = mkdtempSync(join(tmpdir(), "signalbox-same-"));
    await tellStory();
  });
  afterAll(async () => {
    await served.close();
    await api.close();
    rmSync(folder, { recursive: true });
  });

  /** Two runs of one name, one of them with everything that a command shows. */
  async function tellStory() {
    const id = await act.attach({
      name: "A run, to read \u001b[31m語彙",
      kind: "sft",
      tags: ["g2p", "two words"],
      total_steps: 2000,
      total_epochs: 2.5,
      config: { rate: 1e-5, mix: { a: [1.5, null, "x"] }, big: 12_345_678.9, text: "tab\there" },
      live_params: { learning_rate: { min: 1e-7 }, momentum: {} },
    });
    await act.attach({ name: "A run, to read too" });
    const rows = [
      { step: 0, epoch: 0, "train/loss": 2, "odd, name": "Infinity", "=1+1": -3 },
      { step: 1, epoch: 0.5, "train/loss": "NaN", "system/gpu": 1e-9 },
      { step: 1240, epoch: 1, "train/loss": 0.56925, "eval/loss": 123456789.5 },
    ].map((row, at) => ({ ...row, timestamp: `2026-11-20T12:00:0${at}.000Z` }));
    await act.post("/api/training/local/metrics", { job_id: id, metrics: rows });
    const lines = [
      { stream: "stdout", text: "first\tline" },
      { stream: "stderr", text: "\u001b[31mwarning\u001b[0m" },
      { stream: "stdout", text: "third ∆🙂" },
    ];
    await act.post(act.local(id, "logs"), { lines });
    await act.post(act.local(id, "events"), {
      events: [
        { type: "oom", level: "error", message: "out of memory", data: { step: 3 } },
        { type: "note" },
      ],
    });
    const sample = (index: number, epoch: number, prediction: string) => ({
      epoch,
      step: epoch * 100,
      sample_index: index,
      prompt: index ? "filipowicz ".repeat(12) : "cat",
      prediction,
      ground_truth: index ? null : "K AE T",
      reward: epoch + index / 3,
      ...(index && { judge: "good" }),
    });
    await act.post("/api/training/local/predictions", {
      job_id: id,
      predictions: [
        sample(0, 0, "K"),
        sample(1, 0, "F"),
        sample(0, 1, "K AE T"),
        sample(1, 1, "F IH"),
      ],
    });
    await act.post(act.local(id, "status"), { status: "failed", error: "out of memory" });
  }

  /** What both print; they must agree on every byte and on the exit code. */
  async function both(line: string | string[]) {
    const args = typeof line === "string" ? line.split(" ") : line;
    const ours = await runHere(args, env, folder);
    const theirs = await runPython(python, args, env, folder);
    expect(theirs, args.join(" ")).toEqual(ours);
    return ours;
  }

  it("print the same for everything that reads", async () => {
    for (const line of [
      "runs",
      "runs --json --sort -created --kind sft",
      "runs --tag g2p --limit 1 --where latest.train/loss<5",
      "runs -q nothing",
      "show job-1",
      "show job-1 --json",
      "metrics job-1",
      "metrics job-1 --csv",
      "metrics job-1 --json",
      "metrics job-1 --csv --name train/loss --from 1 --to 1",
      "logs job-1",
      "logs job-1 -n 1 --timestamps",
      "logs job-1 -f -q third",
      "predictions job-1",
      "predictions job-1 --epoch 1 --from 0 --sort -index",
      "predictions job-1 --json -n1",
      "predictions job-1 --trends",
      "predictions job-1 --trends --json",
      "predictions job-1 --epoch 1 --sort -scores.reward --by scores.judge --where scores.reward>0",
      "predictions job-2",
      "open",
      "open job-1",
    ]) {
      expect((await both(line)).code, line).toBe(0);
    }
  });

  it("follow a run that has ended with the same messages, by both transports", async () => {
    for (const transport of ["sse", "poll"]) {
      for (const more of [
        "--stream all",
        "--stream all --format json",
        "--filter-events level=error --filter-metrics train.loss",
        "--sample-rate 0.5 --stream metrics --stream logs",
        "--quiet",
        "--new",
      ]) {
        const ended = await both(`watch job-1 --transport ${transport} ${more}`);
        expect(ended.code, more).toBe(1);
        expect(ended.out + ended.err).toContain("failed");
      }
    }
  });

  it("say the same about what they cannot do", async () => {
    writeFileSync(join(folder, "stray.toml"), "epochs = 3\n");
    writeFileSync(join(folder, "both.toml"), 'kind = "rl"\ntype = "rl"\n');
    writeFileSync(join(folder, "dpo.toml"), 'kind = "dpo"\n');
    writeFileSync(join(folder, "tags.toml"), "tags = [1]\n");
    writeFileSync(join(folder, "rl.toml"), "[config]\nepochs = -1\n");
    for (const [line, code] of [
      ["show nix", 1],
      [["show", ""], 2],
      [["show", "A run, to read"], 2],
      ["show ..", 1],
      ["pause job-1", 1],
      ["set job-1 learning_rate=1e-3", 1],
      ["set job-2 momentum=0.9", 2],
      ["runs --status flying", 2],
      ["runs --sort nope", 2],
      ["watch job-1 --sample-rate 0", 2],
      ["watch job-2 --timeout 0.2 --stream status", 1],
      ["checkpoint job-2 --timeout 0.3 --reason late", 1],
      ["logs nix", 1],
      [`train --config ${join(folder, "stray.toml")}`, 2],
      [`train --config ${join(folder, "both.toml")}`, 2],
      [`train --config ${join(folder, "dpo.toml")}`, 2],
      [`train --config ${join(folder, "tags.toml")}`, 2],
      [`train --config ${join(folder, "rl.toml")} --type rl`, 2],
    ] as const) {
      const args = typeof line === "string" ? line.split(" ") : [...line];
      const ours = await runHere(args, env, folder);
      const theirs = await runPython(python, args, env, folder);
      // Each command has an id of its own.
      const withoutIds = ({ err, ...rest }: typeof ours) => ({
        ...rest,
        err: err.replace(/cmd_\w+/g, "cmd"),
      });
      expect(withoutIds(theirs), args.join(" ")).toEqual(withoutIds(ours));
      expect(ours.code, `${args.join(" ")}: ${ours.err}`).toBe(code);
    }
    const wrong = { ...env, SIGNALBOX_API_KEY: "sbx_wrong" };
    for (const args of [["runs"], ["doctor"]]) {
      const ours = await runHere(args, wrong, folder);
      const theirs = await runPython(python, args, wrong, folder);
      const withoutTimes = (text: string) => text.replace(/\d+ ms/g, "…");
      expect(withoutTimes(theirs.out)).toBe(withoutTimes(ours.out));
      expect([theirs.err, theirs.code]).toEqual([ours.err, ours.code]);
    }
  });

  it("wait for the trainer in the same words", async () => {
    const answers = [
      ["checkpoint", { status: "applied", applied_step: 4310 }],
      ["pause --mode hold", { status: "rejected", reason: "no room on the disk" }],
      ["set learning_rate=1.5e-3", { status: "applied", applied_step: 4310 }],
    ] as const;
    for (const [words, answer] of answers) {
      const outs = [];
      for (const run of [runHere, runPython.bind(null, python)]) {
        const id = await act.attach({ status: "running", live_params: { learning_rate: {} } });
        const [name = "", ...more] = words.split(" ");
        const running = run([name, id, ...more], env, folder);
        const asked = await api.call("GET", act.local(id, "commands/next?wait=20"), { key });
        const { command } = asked.body as { command: { id: string } };
        await act.ack(id, command.id, answer);
        outs.push(await running);
      }
      expect(outs[1], words).toEqual(outs[0]);
      expect(outs[0]?.code, words).toBe(answer.status === "applied" ? 0 : 1);
    }
  });
});
