import { createServer, type Server, type ServerResponse } from "node:http";

export interface Received {
  path: string;
  token: string;
  body: Record<string, unknown>;
}

export interface Point {
  name: string;
  step: number;
  value: number;
}

interface QueuedCommand {
  id: string;
  type: string;
  args: Record<string, unknown>;
}

/** A fake dashboard for tests: records reports and serves queued commands. */
export class FakeDashboard {
  /** Accepted requests, without resends of a stored batch. */
  readonly received: Received[] = [];
  /** Batches received again with the same id and body. */
  repeats = 0;
  /** Batches received again with the same id but another body; there must be none. */
  conflicts = 0;
  /** Valid tokens; null accepts any. */
  tokens: Set<string> | null = null;
  readonly #stored = new Map<string, string>();
  readonly #queue: QueuedCommand[] = [];
  #waiting: ServerResponse[] = [];
  #server: Server | null = null;
  #port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Starts, or restarts on the same port. */
  async listen(): Promise<void> {
    const server = createServer((request, response) => {
      const path = new URL(request.url ?? "/", this.url).pathname;
      const token = (request.headers.authorization ?? "").replace("Bearer ", "");
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () =>
        this.#answer(path, token, Buffer.concat(chunks).toString(), response),
      );
    });
    await new Promise<void>((resolve) => server.listen(this.#port, "127.0.0.1", resolve));
    const address = server.address();
    this.#port = typeof address === "object" && address ? address.port : 0;
    this.#server = server;
  }

  /** Closes all connections at once, also in the middle of a request. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    this.#waiting = [];
    server?.closeAllConnections();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
  }

  queue(id: string, type: string, args: Record<string, unknown> = {}): void {
    this.#queue.push({ id, type, args });
    for (const response of this.#waiting.splice(0)) this.#next(response);
  }

  points(name: string): Point[] {
    return this.received
      .filter((r) => r.path.endsWith("/metrics"))
      .flatMap((r) => (Array.isArray(r.body.points) ? (r.body.points as Point[]) : []))
      .filter((p) => p.name === name);
  }

  /** Predictions in the order of arrival. */
  predictions(): Record<string, unknown>[] {
    return this.#bodies("/predictions").flatMap((body) =>
      Array.isArray(body.predictions) ? (body.predictions as Record<string, unknown>[]) : [],
    );
  }

  /** Values by step; throws if a repeated step has another value. */
  curve(name: string): Map<number, number> {
    const curve = new Map<number, number>();
    for (const { step, value } of this.points(name)) {
      const before = curve.get(step);
      if (before !== undefined && before !== value) throw new Error(`${name} differs at ${step}`);
      curve.set(step, value);
    }
    return curve;
  }

  statuses(): string[] {
    return this.#bodies("/status").flatMap((b) => (typeof b.status === "string" ? [b.status] : []));
  }

  events(type: string): Record<string, unknown>[] {
    return this.#bodies("/events")
      .flatMap((b) => (Array.isArray(b.events) ? (b.events as Record<string, unknown>[]) : []))
      .filter((e) => e.type === type);
  }

  ack(commandId: string): Record<string, unknown> | undefined {
    return this.#bodies(`/commands/${commandId}/ack`)[0];
  }

  logs(): string {
    return this.#bodies("/logs")
      .flatMap((b) => (Array.isArray(b.lines) ? (b.lines as { text: string }[]) : []))
      .map((line) => line.text)
      .join("\n");
  }

  #bodies(suffix: string): Record<string, unknown>[] {
    return this.received.filter((r) => r.path.endsWith(suffix)).map((r) => r.body);
  }

  #answer(path: string, token: string, text: string, response: ServerResponse): void {
    if (this.tokens && !this.tokens.has(token)) {
      this.#reply(response, 401, {});
    } else if (path.endsWith("/commands/next")) {
      this.#next(response);
    } else {
      this.#store(path, token, text);
      this.#reply(response, 200, { success: true });
    }
  }

  #store(path: string, token: string, text: string): void {
    const body = JSON.parse(text) as Record<string, unknown>;
    const id = typeof body.batch_id === "string" ? body.batch_id : null;
    const stored = id === null ? undefined : this.#stored.get(id);
    if (stored !== undefined) {
      this.repeats += 1;
      if (stored !== text) this.conflicts += 1;
      return;
    }
    if (id !== null) this.#stored.set(id, text);
    this.received.push({ path, token, body });
  }

  #next(response: ServerResponse): void {
    const command = this.#queue.shift();
    if (command) this.#reply(response, 200, { command });
    else this.#waiting.push(response);
  }

  #reply(response: ServerResponse, status: number, body: unknown): void {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  }
}
