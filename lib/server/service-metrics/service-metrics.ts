import { jobStatuses } from "@signalbox/protocol/job/job";
import { version } from "@/package.json";
import type { UserPrincipal } from "../auth/principal";
import { streamHub } from "../realtime/hub";
import { callRpc } from "../rpc/call-rpc";
import type { RpcReply } from "../rpc/rpc-replies";
import { type Family, prometheusText } from "./prometheus";
import { realtimeFamilies } from "./realtime-families";

type Totals = RpcReply<"read_totals">;

/** The user's runs and this process, as Prometheus text. */
export async function readServiceMetrics(principal: UserPrincipal): Promise<string> {
  const totals = await callRpc("read_totals", { p_user_id: principal.userId });
  return prometheusText([
    ...ofRuns(totals),
    ...ofActive(totals.active),
    ...ofProcess(),
    ...realtimeFamilies(),
  ]);
}

function gauge(name: string, help: string, samples: Family["samples"]): Family {
  return { name: `signalbox_${name}`, type: "gauge", help, samples };
}

function ofRuns({ runs, points, predictions, log_lines }: Totals): Family[] {
  return [
    gauge(
      "runs",
      "Runs by status.",
      jobStatuses.map((status) => ({ labels: { status }, value: runs[status] ?? 0 })),
    ),
    gauge("points_stored", "Metric points logged.", [{ value: points }]),
    gauge("predictions_stored", "Predictions stored.", [{ value: predictions }]),
    gauge("log_lines_stored", "Log lines stored.", [{ value: log_lines }]),
  ];
}

/** Active runs are few, so each gets samples of its own. */
function ofActive(active: Totals["active"]): Family[] {
  const of = (pick: (run: Totals["active"][number]) => number | null) =>
    active.flatMap((run) => {
      const value = pick(run);
      return value === null ? [] : [{ labels: { run: run.id, name: run.name }, value }];
    });
  return [
    gauge(
      "run_step",
      "Current step of an active run.",
      of(({ step }) => step),
    ),
    gauge(
      "run_progress_ratio",
      "Progress of an active run, 0 to 1.",
      of(({ progress }) => progress),
    ),
    gauge(
      "run_silent_seconds",
      "Seconds since an active run last sent anything.",
      of((run) => run.silent_seconds),
    ),
  ];
}

function ofProcess(): Family[] {
  const { viewers, channels } = streamHub().stats();
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const cpu: Family = {
    name: "process_cpu_seconds_total",
    type: "counter",
    help: "CPU time of this web process.",
    samples: [{ value: (user + system) / 1e6 }],
  };
  const memory = (name: string, help: string, value: number): Family => ({
    name,
    type: "gauge",
    help,
    samples: [{ value }],
  });
  return [
    gauge("info", "The version.", [{ labels: { version }, value: 1 }]),
    gauge("stream_viewers", "Open live streams of this web process.", [{ value: viewers }]),
    gauge("stream_channels", "Runs with open live streams.", [{ value: channels }]),
    cpu,
    memory("process_resident_memory_bytes", "Resident memory of this web process.", rss),
    memory("nodejs_heap_size_used_bytes", "Heap in use of this web process.", heapUsed),
  ];
}
