import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const CACHE_MS = 2000;
const QUERY = ["--query-gpu=utilization.gpu,memory.used", "--format=csv,noheader,nounits"];

export interface GpuUsage {
  percent: number;
  memory_mb: number;
}

let unavailable = false;
let last: { at: number; usage: Promise<GpuUsage | null> } | null = null;

/** Usage of this machine's first NVIDIA GPU; null if there is none. All jobs share the sample. */
export function sampleGpu(now = Date.now()): Promise<GpuUsage | null> {
  if (unavailable) return Promise.resolve(null);
  if (!last || now - last.at > CACHE_MS) last = { at: now, usage: query() };
  return last.usage;
}

async function query(): Promise<GpuUsage | null> {
  try {
    const { stdout } = await run("nvidia-smi", QUERY, { timeout: 3000 });
    return parseGpu(stdout);
  } catch {
    unavailable = true;
    return null;
  }
}

/** Parses the first line of `utilization, memory` (percent, MiB). */
function parseGpu(csv: string): GpuUsage | null {
  const [percent, memory] = (csv.split("\n")[0] ?? "").split(",").map((field) => Number(field));
  if (percent === undefined || memory === undefined) return null;
  if (!Number.isFinite(percent) || !Number.isFinite(memory)) return null;
  return { percent, memory_mb: memory };
}
