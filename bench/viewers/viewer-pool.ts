import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { machineMs } from "../kit/pace.ts";
import type { PoolReply, PoolReport, PoolRequest } from "./messages.ts";

const script = fileURLToPath(new URL("./viewer-process.ts", import.meta.url));
const reportTimeoutMs = 30_000;

interface Stream {
  url: string;
  path: string;
  headers: Record<string, string>;
}

/** Viewers of one stream, in separate processes. */
export class ViewerPool {
  readonly #processes: ChildProcess[];

  private constructor(processes: ChildProcess[]) {
    this.#processes = processes;
  }

  /**
   * Opens `count` viewers, spread over as many processes as a few hundred each need; at most
   * `reading` of a process decode what they get.
   */
  static async open(stream: Stream, count: number, reading: number): Promise<ViewerPool> {
    const processes = Array.from({ length: count > 200 ? 2 : 1 }, () =>
      fork(script, { serialization: "advanced", env: { ...process.env, NODE_OPTIONS: "" } }),
    );
    const pool = new ViewerPool(processes);
    const { path, headers } = stream;
    const port = Number(new URL(stream.url).port);
    const shares = processes.map((_, index) => Math.floor((count + index) / processes.length));
    await Promise.all(
      processes.map(async (child, index) => {
        const opened = replyOf(child, "open");
        send(child, { type: "open", port, path, headers, count: shares[index] ?? 0, reading });
        await opened;
      }),
    );
    return pool;
  }

  measure(steps: number): void {
    for (const child of this.#processes) send(child, { type: "measure", steps });
  }

  /** What all viewers received, once they have reached `seq` or half a minute has passed. */
  async report(seq: number): Promise<PoolReport> {
    const deadline = machineMs() + reportTimeoutMs;
    for (;;) {
      const reports = await Promise.all(
        this.#processes.map(async (child) => {
          const reported = replyOf(child, "report");
          send(child, { type: "report", seq });
          return (await reported).report;
        }),
      );
      const total = combine(reports);
      if (total.behind === 0 || machineMs() > deadline) return total;
    }
  }

  async close(): Promise<void> {
    await Promise.all(
      this.#processes.map(async (child) => {
        const exited = once(child, "exit");
        child.kill();
        await exited;
      }),
    );
  }
}

function combine(reports: PoolReport[]): PoolReport {
  const sum = (key: "lost" | "doubled" | "wrong" | "behind" | "bytes" | "cpuSeconds") =>
    reports.reduce((total, report) => total + report[key], 0);
  return {
    latencies: Float64Array.from(reports.flatMap(({ latencies }) => [...latencies])),
    lost: sum("lost"),
    doubled: sum("doubled"),
    wrong: sum("wrong"),
    behind: sum("behind"),
    bytes: sum("bytes"),
    cpuSeconds: sum("cpuSeconds"),
  };
}

function send(child: ChildProcess, message: PoolRequest): void {
  child.send(message);
}

function replyOf<Type extends PoolReply["type"]>(
  child: ChildProcess,
  type: Type,
): Promise<Extract<PoolReply, { type: Type }>> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: unknown) => {
      const reply = message as PoolReply;
      if (reply.type !== type) return;
      child.off("exit", onExit);
      child.off("message", onMessage);
      resolve(reply as Extract<PoolReply, { type: Type }>);
    };
    const onExit = (code: number | null) => reject(new Error(`The viewers ended with ${code}.`));
    child.on("message", onMessage);
    child.once("exit", onExit);
  });
}
