/** Called once when the server starts: open streams must not hold back its stop. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { closeStreams } = await import("@/lib/server/realtime/hub");
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, closeStreams);
}
