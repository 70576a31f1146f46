import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { machineMs } from "../kit/pace.ts";
import type { CrowdReport, FromCrowd, ToCrowd } from "./messages.ts";

const script = fileURLToPath(new URL("./crowd-process.ts", import.meta.url));
const reportPatienceMs = 30_000;

interface Stream {
  url: string;
  path: string;
  headers: Record<string, string>;
}

/** Viewers of one stream, in processes of their own. */
export class Crowd {
  readonly #processes: ChildProcess[];

  private constructor(processes: ChildProcess[]) {
    this.#processes = processes;
  }

  /** Opens `count` viewers, spread over as many processes as a few hundred each need. */
  static async open(stream: Stream, count: number): Promise<Crowd> {
    const processes = Array.from({ length: count > 200 ? 2 : 1 }, () =>
      fork(script, { serialization: "advanced", env: { ...process.env, NODE_OPTIONS: "" } }),
    );
    const crowd = new Crowd(processes);
    const { path, headers } = stream;
    const port = Number(new URL(stream.url).port);
    const shares = processes.map((_, index) => Math.floor((count + index) / processes.length));
    await Promise.all(
      processes.map(async (child, index) => {
        const opened = answer(child, "open");
        tell(child, { do: "open", port, path, headers, count: shares[index] ?? 0 });
        await opened;
      }),
    );
    return crowd;
  }

  measure(steps: number): void {
    for (const child of this.#processes) tell(child, { do: "measure", steps });
  }

  /** What all viewers saw, once they have come to `seq` or half a minute has passed. */
  async report(seq: number): Promise<CrowdReport> {
    const deadline = machineMs() + reportPatienceMs;
    for (;;) {
      const reports = await Promise.all(
        this.#processes.map(async (child) => {
          const reported = answer(child, "report");
          tell(child, { do: "report", seq });
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

function combine(reports: CrowdReport[]): CrowdReport {
  const sum = (key: "lost" | "doubled" | "wrong" | "behind" | "cpuSeconds") =>
    reports.reduce((total, report) => total + report[key], 0);
  return {
    latencies: Float64Array.from(reports.flatMap(({ latencies }) => [...latencies])),
    lost: sum("lost"),
    doubled: sum("doubled"),
    wrong: sum("wrong"),
    behind: sum("behind"),
    cpuSeconds: sum("cpuSeconds"),
  };
}

function tell(child: ChildProcess, message: ToCrowd): void {
  child.send(message);
}

function answer<Did extends FromCrowd["did"]>(
  child: ChildProcess,
  did: Did,
): Promise<Extract<FromCrowd, { did: Did }>> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: unknown) => {
      const reply = message as FromCrowd;
      if (reply.did !== did) return;
      child.off("exit", onExit);
      child.off("message", onMessage);
      resolve(reply as Extract<FromCrowd, { did: Did }>);
    };
    const onExit = (code: number | null) => reject(new Error(`The viewers ended with ${code}.`));
    child.on("message", onMessage);
    child.once("exit", onExit);
  });
}
