import { startJobWatch } from "@/lib/server/jobs/watch-jobs";
import { closeStreams } from "@/lib/server/realtime/hub";
import { beginStop } from "@/lib/server/stopping";

/** What a Node process of the dashboard does besides answering. */
export async function start(): Promise<void> {
  startJobWatch();
  // Open streams and waiting trainers must not hold back the server's stop.
  const letGo = () => {
    closeStreams();
    beginStop();
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, letGo);
}
