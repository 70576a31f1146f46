import { z } from "zod";
import type { Batch } from "./batches.ts";
import type { Delivery } from "./spool-sender.ts";

const REQUEST_MS = 15_000;
const POLL_SECONDS = 25;

const polledCommandSchema = z.object({
  id: z.string(),
  type: z.string(),
  args: z.record(z.string(), z.unknown()).nullish(),
});
export type PolledCommand = z.infer<typeof polledCommandSchema>;
const nextCommandSchema = z.object({ command: polledCommandSchema.nullish() });

const limitReplySchema = z.object({
  error: z.object({ message: z.string(), details: z.object({ limit: z.string() }) }),
});

export interface DashboardClientOptions {
  /** The dashboard's address; read for every request. */
  url: () => string;
  jobId: string;
  /** The token of the current attempt; read for every request. */
  token: () => string;
  fetch: typeof fetch;
}

/** Whether the dashboard still accepts this job and token, as a heartbeat or poll shows. */
export type JobAccess = "ok" | "unreachable" | "rejected";

/** The dashboard's ingest and command routes for one job (contract §4), with its job token. */
export class DashboardClient {
  readonly #options: DashboardClientOptions;
  readonly #job: string;

  constructor(options: DashboardClientOptions) {
    this.#options = options;
    this.#job = `/api/training/local/${encodeURIComponent(options.jobId)}`;
  }

  /** Sends one batch, without retries. */
  async deliver(batch: Batch, signal: AbortSignal): Promise<Delivery> {
    const { path, body } = this.#request(batch);
    let response: Response;
    try {
      response = await this.#fetch(path, { body, signal, idempotencyKey: batch.id });
    } catch (error) {
      return { outcome: "retry", reason: failureText(error) };
    }
    const text = await response.text().catch(() => "");
    if (response.ok) return { outcome: "stored" };
    if (response.status === 401) return { outcome: "unauthorized" };
    const reason = `${response.status} ${text.slice(0, 300)}`;
    if (response.status === 408 || response.status === 429 || response.status >= 500) {
      const after = Number(response.headers.get("retry-after"));
      return after > 0
        ? { outcome: "retry", reason, afterMs: Math.min(after, 60) * 1000 }
        : { outcome: "retry", reason };
    }
    const limit = response.status === 409 ? limitOf(text) : null;
    return limit ? { outcome: "full", reason: limit } : { outcome: "refused", reason };
  }

  /** Reports that the attempt is alive. */
  async heartbeat(body: Record<string, unknown>, signal: AbortSignal): Promise<JobAccess> {
    try {
      const response = await this.#fetch(`${this.#job}/heartbeat`, { body, signal });
      await response.body?.cancel();
      return accessFrom(response.status);
    } catch {
      return "unreachable";
    }
  }

  /** Waits up to 25 s for the next command. */
  async nextCommand(
    signal: AbortSignal,
  ): Promise<{ access: JobAccess; command: PolledCommand | null }> {
    try {
      const path = `${this.#job}/commands/next?wait=${POLL_SECONDS}`;
      const response = await this.#fetch(path, { signal, waitMs: POLL_SECONDS * 1000 });
      if (!response.ok) {
        await response.body?.cancel();
        return { access: accessFrom(response.status), command: null };
      }
      const { command } = nextCommandSchema.parse(await response.json());
      return { access: "ok", command: command ?? null };
    } catch {
      return { access: "unreachable", command: null };
    }
  }

  #request(batch: Batch): { path: string; body: Record<string, unknown> } {
    const id = { job_id: this.#options.jobId, batch_id: batch.id };
    switch (batch.kind) {
      case "metrics":
        return { path: "/api/training/local/metrics", body: { ...id, points: batch.points } };
      case "predictions":
        return {
          path: "/api/training/local/predictions",
          body: { ...id, predictions: batch.predictions },
        };
      case "logs":
        return { path: `${this.#job}/logs`, body: { ...id, lines: batch.lines } };
      case "events":
        return { path: `${this.#job}/events`, body: { ...id, events: batch.events } };
      case "status":
        return { path: `${this.#job}/status`, body: { ...id, ...batch.body } };
      case "ack":
        return {
          path: `${this.#job}/commands/${encodeURIComponent(batch.commandId)}/ack`,
          body: { ...id, ...batch.body },
        };
    }
  }

  #fetch(
    path: string,
    request: {
      body?: Record<string, unknown>;
      signal: AbortSignal;
      idempotencyKey?: string;
      waitMs?: number;
    },
  ): Promise<Response> {
    const headers: Record<string, string> = { authorization: `Bearer ${this.#options.token()}` };
    if (request.body) headers["content-type"] = "application/json";
    if (request.idempotencyKey) headers["idempotency-key"] = request.idempotencyKey;
    const timeout = AbortSignal.timeout(REQUEST_MS + (request.waitMs ?? 0));
    return this.#options.fetch(new URL(path, this.#options.url()), {
      method: request.body ? "POST" : "GET",
      headers,
      body: request.body ? JSON.stringify(request.body) : null,
      signal: AbortSignal.any([request.signal, timeout]),
      redirect: "error",
    });
  }
}

/** The message of a refusal that ends once its owner has made room; too many samples stay too many. */
function limitOf(text: string): string | null {
  const reply = limitReplySchema.safeParse(parseJson(text));
  if (!reply.success || reply.data.error.details.limit === "samples") return null;
  return reply.data.error.message;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function accessFrom(status: number): JobAccess {
  if (status === 401 || status === 404 || status === 410) return "rejected";
  return status < 400 ? "ok" : "unreachable";
}

function failureText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error ? cause.message || error.message : error.message;
}
