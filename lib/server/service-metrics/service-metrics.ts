import { jobStatuses } from "@signalbox/protocol/job/job";
import { version } from "@/package.json";
import { isAdministrator } from "../auth/administrators";
import type { UserPrincipal } from "../auth/principal";
import { checkHealth } from "../health";
import { streamHub } from "../realtime/hub";
import { callRpc } from "../rpc/call-rpc";
import type { RpcReply } from "../rpc/rpc-replies";
import { databaseQueueFamilies } from "./database-queue";
import { type Family, prometheusText } from "./prometheus";
import { realtimeFamilies } from "./realtime-families";
import { refusals } from "./refusals";
import { serviceHistory } from "./service-history.ts";
import { serviceInstruments } from "./service-instruments.ts";

type Totals = RpcReply<"read_totals">;

/** The user's runs and, for administrators, the whole service, as Prometheus text. */
export async function readServiceMetrics({ userId }: UserPrincipal): Promise<string> {
  const [totals, administrator] = await Promise.all([
    callRpc("read_totals", { p_user_id: userId }),
    isAdministrator(userId),
  ]);
  const ofService = administrator
    ? [...(await ofStates()), ...(await databaseQueueFamilies()), ...ofStreams(), ...ofProcess()]
    : [];
  const info = gauge("info", "The version.", [{ labels: { version }, value: 1 }]);
  return prometheusText([info, ...ofRuns(totals), ...ofActive(totals.active), ...ofService]);
}

function counter(name: string, help: string, samples: Family["samples"]): Family {
  return { name: `signalbox_${name}`, type: "counter", help, samples };
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

/** Whether the parts of the service answer. */
async function ofStates(): Promise<Family[]> {
  const { database, realtime: realtimeState, backend } = await checkHealth();
  const states = Object.entries({ database, realtime: realtimeState, backend });
  return [
    gauge(
      "up",
      "Whether a part of the service answers: 1 or 0. A part that is not set up has no sample.",
      states
        .filter(([, state]) => state !== "not set up")
        .map(([part, state]) => ({ labels: { part }, value: state === "ok" ? 1 : 0 })),
    ),
  ];
}

function ofStreams(): Family[] {
  const { viewers, channels } = streamHub().stats();
  const one = (value: number) => [{ value }];
  return [
    gauge("streams_open", "Open live streams.", one(viewers)),
    gauge("stream_channels", "Runs with open live streams.", one(channels)),
    ...streamHub().instruments.families(),
    ...realtimeFamilies(),
  ];
}

function ofProcess(): Family[] {
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const { startedAt, loopDelay } = serviceHistory();
  const own = (name: string, help: string, value: number): Family => ({
    name,
    type: name.endsWith("_total") ? "counter" : "gauge",
    help,
    samples: [{ value }],
  });
  return [
    ...serviceInstruments().families(),
    counter(
      "refusals_total",
      "Requests refused at a limit.",
      [...refusals()].map(([limit, value]) => ({ labels: { limit }, value })),
    ),
    own("process_start_time_seconds", "When this web process began.", startedAt.getTime() / 1000),
    own("process_cpu_seconds_total", "CPU time of this web process.", (user + system) / 1e6),
    own("process_resident_memory_bytes", "Resident memory of this web process.", rss),
    own("nodejs_heap_size_used_bytes", "Heap in use of this web process.", heapUsed),
    own(
      "nodejs_eventloop_lag_max_seconds",
      "Longest delay of the event loop in the last five seconds.",
      loopDelay,
    ),
  ];
}
