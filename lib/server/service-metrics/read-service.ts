import type { ServiceReply } from "@signalbox/protocol/service/service-status";
import { version } from "@/package.json";
import { checkHealth } from "../health";
import { streamHub } from "../realtime/hub";
import { realtime } from "../realtime/source/notifier";
import { refusals } from "./refusals";
import { sampleEveryMs, serviceHistory } from "./service-history.ts";
import { serviceInstruments } from "./service-instruments.ts";

/** The states of the service's parts, and what this web process has measured. */
export async function readService(): Promise<ServiceReply> {
  const { database, realtime: realtimeState, backend } = await checkHealth();
  const history = serviceHistory();
  const { opened, closed, resets } = streamHub().instruments;
  return {
    version,
    started_at: history.startedAt.toISOString(),
    states: { database, realtime: realtimeState, backend },
    sample_every_s: sampleEveryMs / 1000,
    samples: history.samples,
    totals: {
      streams_opened: countsOf(opened.totals("start")),
      streams_closed: countsOf(closed.totals("reason")),
      stream_resets: countsOf(resets.totals("reason")),
      refusals: countsOf(refusals()),
      realtime_reconnects: countsOf(Object.entries(realtime().stats().reconnects)),
      client_errors: countsOf(serviceInstruments().clientErrors.totals("kind")),
    },
  };
}

function countsOf(counts: Iterable<readonly [string, number]>) {
  return [...counts].map(([name, count]) => ({ name, count }));
}
