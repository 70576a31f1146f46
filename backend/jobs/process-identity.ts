import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * Start time of a process in the system's own format; null if there is no such process. Together with
 * the process id it identifies a process, because ids are reused.
 */
export function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name may contain spaces. After it, field 1 is the state and field 20 the start time.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? null : (fields[19] ?? null);
  } catch {
    if (process.platform === "linux") return null;
  }
  try {
    const started = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" });
    return started.trim() || null;
  } catch {
    return null;
  }
}

/** Whether the recorded process still runs, rather than another one with the same id. */
export function isAlive(recorded: { pid: number; started: string | null }): boolean {
  return recorded.started !== null && processStart(recorded.pid) === recorded.started;
}
