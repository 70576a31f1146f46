import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { FloodPlan, FloodReport } from "./messages.ts";

const floodProcess = fileURLToPath(new URL("./flood-process.ts", import.meta.url));

/** Runs `use` while another process floods the dashboard. */
export async function whileFlooding<T>(
  plan: FloodPlan,
  use: () => Promise<T>,
): Promise<{ result: T; report: FloodReport; seconds: number }> {
  const child = fork(floodProcess, { env: { ...process.env, NODE_OPTIONS: "" } });
  const startedAt = performance.now();
  child.send(plan);
  try {
    // The first requests are on their way.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const result = await use();
    const reported = once(child, "message");
    child.send("stop");
    const [report] = (await reported) as [FloodReport];
    return { result, report, seconds: (performance.now() - startedAt) / 1000 };
  } finally {
    child.kill("SIGKILL");
  }
}
