import { startJobMonitor } from "@/lib/server/jobs/monitor-jobs";
import { closeStreams } from "@/lib/server/realtime/hub";
import { serviceHistory } from "@/lib/server/service-metrics/service-history";
import { beginStop } from "@/lib/server/stopping";

/** Starts the background work of a dashboard process. */
export async function start(): Promise<void> {
  startJobMonitor();
  // Trends reach back to the start of the process.
  serviceHistory();
  // Open streams and long polls must not keep the server from exiting.
  const release = () => {
    closeStreams();
    beginStop();
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, release);
}
