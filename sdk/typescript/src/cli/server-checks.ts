import type { Settings } from "../settings.ts";

const timeoutMs = 10_000;

/** Replaced by tests. */
interface Dependencies {
  fetch?: typeof fetch;
  now?: () => number;
  timeoutMs?: number;
}

/**
 * Seconds that this machine's clock is ahead of the server's; null if the server sends no
 * date. The date has whole seconds, so the result is accurate to about one.
 */
export async function clockSkew(
  { baseUrl }: Settings,
  signal: AbortSignal,
  { fetch = globalThis.fetch, now = Date.now }: Dependencies = {},
): Promise<number | null> {
  const before = now();
  const response = await fetch(`${baseUrl}/api/auth/session`, { signal });
  const after = now();
  await response.body?.cancel();
  const serverTime = Date.parse(response.headers.get("date") ?? "");
  if (Number.isNaN(serverTime)) return null;
  // Compares the middle of the round trip with the middle of the second that the server sent.
  return ((before + after) / 2 - (serverTime + 500)) / 1000;
}

/**
 * Opens the live stream and waits for its first frame; returns how long that took in ms.
 * @throws Error that says what the server sent instead
 */
export async function openStream(
  { baseUrl, apiKey }: Settings,
  signal: AbortSignal,
  { fetch = globalThis.fetch, timeoutMs: limitMs = timeoutMs }: Dependencies = {},
): Promise<number> {
  const controller = new AbortController();
  const expired = AbortSignal.timeout(limitMs);
  const startedAt = performance.now();
  try {
    const response = await fetch(`${baseUrl}/api/training/jobs/stream`, {
      headers: { accept: "text/event-stream", ...credential(apiKey ?? "") },
      signal: AbortSignal.any([controller.signal, expired, signal]),
    });
    if (!response.ok || !response.body) throw new Error(`The server answered ${response.status}.`);
    const type = response.headers.get("content-type") ?? "nothing";
    if (!type.startsWith("text/event-stream")) throw new Error(`The server sent ${type}.`);
    const { done } = await response.body.getReader().read();
    if (done) throw new Error("The stream ended before its first frame.");
    return Math.round(performance.now() - startedAt);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (expired.aborted) {
      throw new Error(`No data within ${limitMs / 1000} s. A proxy may be buffering the stream.`);
    }
    throw error;
  } finally {
    controller.abort();
  }
}

function credential(key: string): Record<string, string> {
  return key.startsWith("sbx_") ? { "x-api-key": key } : { authorization: `Bearer ${key}` };
}
