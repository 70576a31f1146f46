import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const FRESH_MS = 2000;
const QUERY = ["--query-gpu=utilization.gpu,memory.used", "--format=csv,noheader,nounits"];

export interface GpuFigures {
  percent: number;
  memory_mb: number;
}

let absent = false;
let last: { at: number; figures: Promise<GpuFigures | null> } | null = null;

/** Use of the first NVIDIA GPU of this machine; null where there is none. Shared by all jobs. */
export function sampleGpu(now = Date.now()): Promise<GpuFigures | null> {
  if (absent) return Promise.resolve(null);
  if (!last || now - last.at > FRESH_MS) last = { at: now, figures: query() };
  return last.figures;
}

async function query(): Promise<GpuFigures | null> {
  try {
    const { stdout } = await run("nvidia-smi", QUERY, { timeout: 3000 });
    return parseGpu(stdout);
  } catch {
    absent = true;
    return null;
  }
}

/** First line of `utilization, memory` in percent and MiB. */
function parseGpu(csv: string): GpuFigures | null {
  const [percent, memory] = (csv.split("\n")[0] ?? "").split(",").map((field) => Number(field));
  if (percent === undefined || memory === undefined) return null;
  if (!Number.isFinite(percent) || !Number.isFinite(memory)) return null;
  return { percent, memory_mb: memory };
}
