import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findPython } from "../../scripts/test/python.ts";
import {
  CallbackHandler,
  JobHandle,
  JobStreamer,
  JSONHandler,
  type MessageData,
  RichHandler,
  StreamConfig,
  StreamType,
  TimeoutError,
} from "../../sdk/typescript/src/index.ts";
import { type JobDriver, startWithOwner } from "../api/job-driver.ts";
import type { TestApi } from "../api/kit.ts";
import { type ServedApi, serveApi } from "./serve-api.ts";

describe("the streaming SDK as it was designed, on a real dashboard", () => {
  let api: TestApi;
  let act: JobDriver;
  let served: ServedApi;
  let folder: string;
  let baseUrl: string;
  let apiKey: string;

  beforeAll(async () => {
    const owner = await startWithOwner({ engine: "pglite" });
    ({ api, act, key: apiKey } = owner);
    served = await serveApi(api);
    baseUrl = served.url;
    folder = mkdtempSync(join(tmpdir(), "signalbox-streams-"));
  });
  afterAll(async () => {
    await served.close();
    await api.close();
    rmSync(folder, { recursive: true });
  });

  /** A run that has reported its progress and its losses, and has ended. */
  async function finishedRun(): Promise<string> {
    const id = await act.attach();
    const events = [1, 2].flatMap((step) => [
      { type: "sft.progress", data: { step, total_steps: 2 } },
      { type: "sft.loss", data: { step, loss: 1 / step } },
      { type: "sft.checkpoint", data: { step } },
    ]);
    await act.post(act.local(id, "events"), { events });
    const points = ["train/loss", "val/loss", "train/accuracy"].flatMap((name) =>
      [1, 2].map((step) => ({ name, step, value: 1 / step })),
    );
    await act.post("/api/training/local/metrics", { job_id: id, points });
    await act.report(id, { status: "succeeded" });
    return id;
  }

  it("runs a complete session with three handlers", async () => {
    const jobId = await finishedRun();
    const outputFile = join(folder, "training.jsonl");
    const lossHistory: [unknown, unknown][] = [];
    const onLoss = ({ type, data }: MessageData<"events">) => {
      if (type === "sft.loss") lossHistory.push([data.step, data.loss]);
    };
    const printed: string[] = [];
    const output = { write: (text: string) => printed.push(text) > 0 };
    const streamer = new JobStreamer({
      baseUrl,
      apiKey,
      jobId,
      config: new StreamConfig({
        enabled_streams: new Set([StreamType.STATUS, StreamType.EVENTS, StreamType.METRICS]),
        event_types: new Set(["sft.progress", "sft.loss", "sft.validation.summary"]),
        metric_names: new Set(["train.loss", "val.loss"]),
      }),
      handlers: [
        new RichHandler({ output: output as never }),
        new JSONHandler({ outputFile }),
        new CallbackHandler({ onEvent: onLoss }),
      ],
      intervalSeconds: 2,
    });
    const job = await streamer.streamUntilTerminal();
    expect(job?.status).toBe("succeeded");
    expect(lossHistory).toEqual([
      [1, 1],
      [2, 0.5],
    ]);
    const lines = readFileSync(outputFile, "utf8").trimEnd().split("\n");
    const names = lines.map((line) => JSON.parse(line).data).map(({ type, name }) => type ?? name);
    expect(names.filter(Boolean).sort()).toEqual([
      "sft.loss",
      "sft.loss",
      "sft.progress",
      "sft.progress",
      "train/loss",
      "train/loss",
      "val/loss",
      "val/loss",
    ]);
    expect(printed).toHaveLength(lines.length);
  });

  it("runs in three lines", async () => {
    const jobId = await finishedRun();
    const losses: unknown[] = [];
    const handlers = [
      new CallbackHandler({
        onEvent: (e) => void (e.type === "sft.loss" && losses.push(e.data.loss)),
      }),
    ];
    await using streamer = JobStreamer.fromJobId(baseUrl, apiKey, jobId, {
      config: StreamConfig.progressOnly(),
      handlers,
    });
    const job = await streamer.streamUntilTerminal();
    expect([job?.status, losses]).toEqual(["succeeded", [1, 0.5]]);
  });

  it("waits for a run by its address, key and id", async () => {
    const jobId = await finishedRun();
    const run = new JobHandle(baseUrl, apiKey, jobId);
    const seen: unknown[] = [];
    const job = await run.pollUntilTerminal({
      onEvent: ({ type }) => void seen.push(type),
      onMetric: ({ name, step, value }, { key }) => void seen.push([name, step, value, typeof key]),
    });
    expect(job?.status).toBe("succeeded");
    expect(seen).toContainEqual(["train/loss", 2, 0.5, "string"]);
    expect(seen).toContain("sft.checkpoint");
    expect((await run.refresh()).id).toBe(jobId);
  });

  it("ends at once where the stream answers that nothing follows", async () => {
    const jobId = await finishedRun();
    const replies: number[] = [];
    const streamer = JobStreamer.fromJobId(baseUrl, apiKey, jobId, {
      transport: "sse",
      handlers: [],
      fetch: async (input, init) => {
        const response = await fetch(input, init);
        if (String(input).includes("/stream")) replies.push(response.status);
        return response;
      },
    });
    for (const _ of ["streamed", "streamed again"]) {
      expect((await streamer.streamUntilTerminal())?.status).toBe("succeeded");
    }
    expect(replies).toEqual([200, 204]);
  });

  /** A live run, with an interval of polling so long that only pushed events can arrive in time. */
  async function pushedTo(
    follow: (jobId: string, seen: (type: string) => void) => Promise<string>,
  ) {
    const id = await act.attach();
    const types: string[] = [];
    let first = () => {};
    const firstSeen = new Promise<void>((resolve) => {
      first = resolve;
    });
    const followed = follow(id, (type) => {
      types.push(type);
      first();
    });
    const send = (type: string) => act.post(act.local(id, "events"), { events: [{ type }] });
    await send("sft.training.started");
    await firstSeen;
    await send("sft.loss");
    await act.report(id, { status: "succeeded" });
    return { status: await followed, types };
  }

  it("gets events pushed between polls, each once (TypeScript)", async () => {
    const result = await pushedTo(async (jobId, seen) => {
      const streamer = JobStreamer.fromJobId(baseUrl, apiKey, jobId, {
        transport: "events",
        intervalSeconds: 3,
        handlers: [new CallbackHandler({ onEvent: ({ type }) => seen(type) })],
      });
      return (await streamer.streamUntilTerminal())?.status ?? "";
    });
    expect(result).toEqual({ status: "succeeded", types: ["sft.training.started", "sft.loss"] });
  });

  const python = findPython();
  it.skipIf(python === null)("gets events pushed between polls, each once (Python)", async () => {
    const program = `
import sys
from signalbox.streaming import CallbackHandler, JobStreamer
streamer = JobStreamer(*sys.argv[1:], transport="events", interval_seconds=3, handlers=[
    CallbackHandler(on_event=lambda event: print("event", event["type"], flush=True))])
print("status", streamer.stream_until_terminal()["status"], flush=True)
`;
    const result = await pushedTo(async (jobId, seen) => {
      const child = spawn(python ?? "", ["-c", program, baseUrl, apiKey, jobId], {
        env: { ...process.env, PYTHONPATH: resolve("sdk/python/src") },
        stdio: ["ignore", "pipe", "inherit"],
      });
      let status = "";
      for await (const line of createInterface({ input: child.stdout })) {
        const [kind, value = ""] = line.split(" ");
        if (kind === "event") seen(value);
        else status = value;
      }
      return status;
    });
    expect(result).toEqual({ status: "succeeded", types: ["sft.training.started", "sft.loss"] });
  });

  it("gives up with a TimeoutError that names the last status", async () => {
    const jobId = await act.attach();
    const waiting = new JobHandle(baseUrl, apiKey, jobId).pollUntilTerminal({
      timeoutSeconds: 0.2,
    });
    await expect(waiting).rejects.toThrow(TimeoutError);
    await expect(waiting).rejects.toMatchObject({ lastStatus: "running" });
  });
});
