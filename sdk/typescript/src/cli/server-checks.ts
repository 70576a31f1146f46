import type { Settings } from "../settings.ts";

const patienceMs = 10_000;

/** What tests put their own in for. */
interface Means {
  fetch?: typeof fetch;
  now?: () => number;
  patienceMs?: number;
}

/**
 * Seconds that this machine's clock is ahead of the server's; null where the server does not say.
 * It says whole seconds, so the answer is good to about one.
 */
export async function clockSkew(
  { baseUrl }: Settings,
  signal: AbortSignal,
  { fetch = globalThis.fetch, now = Date.now }: Means = {},
): Promise<number | null> {
  const before = now();
  const response = await fetch(`${baseUrl}/api/auth/session`, { signal });
  const after = now();
  await response.body?.cancel();
  const theirs = Date.parse(response.headers.get("date") ?? "");
  if (Number.isNaN(theirs)) return null;
  // The middle of the second that the server named, and of the time that the answer took.
  return ((before + after) / 2 - (theirs + 500)) / 1000;
}

/**
 * Opens the live stream and waits for its first frame; returns how long that took in ms.
 * @throws Error that says what came instead
 */
export async function openStream(
  { baseUrl, apiKey }: Settings,
  signal: AbortSignal,
  { fetch = globalThis.fetch, patienceMs: patience = patienceMs }: Means = {},
): Promise<number> {
  const controller = new AbortController();
  const late = AbortSignal.timeout(patience);
  const startedAt = performance.now();
  try {
    const response = await fetch(`${baseUrl}/api/training/jobs/stream`, {
      headers: { accept: "text/event-stream", ...credential(apiKey ?? "") },
      signal: AbortSignal.any([controller.signal, late, signal]),
    });
    if (!response.ok || !response.body) throw new Error(`The server answered ${response.status}.`);
    const type = response.headers.get("content-type") ?? "nothing";
    if (!type.startsWith("text/event-stream")) throw new Error(`The server sent ${type}.`);
    const { done } = await response.body.getReader().read();
    if (done) throw new Error("The stream ended before its first frame.");
    return Math.round(performance.now() - startedAt);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (late.aborted) {
      throw new Error(`No frame came within ${patience / 1000} s: does a proxy buffer?`);
    }
    throw error;
  } finally {
    controller.abort();
  }
}

function credential(key: string): Record<string, string> {
  return key.startsWith("sbx_") ? { "x-api-key": key } : { authorization: `Bearer ${key}` };
}
