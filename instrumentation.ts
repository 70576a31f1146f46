/** Called once when the server starts. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { closeStreams } = await import("@/lib/server/realtime/hub");
  const { startJobWatch } = await import("@/lib/server/jobs/watch-jobs");
  startJobWatch();
  // Open streams must not hold back the server's stop.
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, closeStreams);
}
