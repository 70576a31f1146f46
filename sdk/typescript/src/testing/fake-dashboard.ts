interface Row {
  seq: number;
  event: string;
  data: unknown;
}

interface Connection {
  controller: ReadableStreamDefaultController<Uint8Array>;
  seq: number;
  ended: boolean;
}

/** One run in memory, read by stream or by polling, with every fault on demand. */
export class FakeDashboard {
  readonly jobId = "a";
  generation = "gen1";
  status = "running";
  rows: Row[] = [];
  lastSeq = 0;
  /** Requested paths, with their queries. */
  readonly requests: string[] = [];
  /** Responds instead of the dashboard if it returns something. */
  fault: (path: string) => Response | Error | null = () => null;
  /** What the stream of events responds; by default it is not there. */
  eventStream: (url: URL) => Response = () => new Response(null, { status: 404 });
  /** How a connection's bytes are cut. */
  chunked: (bytes: Uint8Array) => Uint8Array[] = (bytes) => [bytes];
  /** How far before its cursor a connection or page begins. */
  overlap = () => 0;
  readonly #connections = new Set<Connection>();

  get connections(): number {
    return this.#connections.size;
  }

  /** Stores rows under one new seq, and sends them to open connections. */
  emit(event: string, ...data: unknown[]): void {
    this.lastSeq += 1;
    for (const item of data) this.rows.push({ seq: this.lastSeq, event, data: item });
    this.#push();
  }

  event(message = "", more: object = {}): void {
    const created_at = "2026-11-20T12:00:00.000Z";
    this.emit("event", { type: "note", level: "info", message, data: {}, created_at, ...more });
  }

  metric(step: number, value: number | string = 1, name = "train/loss"): void {
    this.emit("metrics", { [name]: [[step, value, 1_700_000_000_000 + step, null, null]] });
  }

  become(status: string): void {
    const created_at = "2026-11-20T12:00:00.000Z";
    const change = { from: this.status, to: status, reason: null, actor: null, attempt: 1 };
    this.status = status;
    this.emit("status", { ...change, created_at });
  }

  /** The run is deleted and another one begins under its id. */
  replace(): void {
    this.generation = `${this.generation}x`;
    this.rows = [];
    this.lastSeq = 0;
    this.status = "running";
    this.send(frame("reset", { reason: "generation" }));
  }

  /** Sends `end` to open connections, as some time after a terminal state. */
  end(): void {
    for (const connection of this.#connections) {
      this.#write(connection, frame("end", { status: this.status }));
      connection.ended = true;
      connection.controller.close();
    }
    this.#connections.clear();
  }

  /** Breaks every connection. */
  cut(): void {
    for (const { controller } of this.#connections) controller.error(new TypeError("terminated"));
    this.#connections.clear();
  }

  /** Sends text to open connections. */
  send(text: string): void {
    for (const connection of this.#connections) this.#write(connection, text);
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const url = new URL(String(input));
    init?.signal?.throwIfAborted();
    this.requests.push(url.pathname + url.search);
    const fault = this.fault(url.pathname);
    if (fault instanceof Error) throw new TypeError("fetch failed", { cause: fault });
    if (fault) return fault;
    if (url.pathname.endsWith("/events/stream")) return this.eventStream(url);
    if (url.pathname.endsWith("/stream")) return this.#stream(url, init?.signal ?? null);
    if (url.pathname.endsWith("/rows")) return this.#page(url);
    const { generation, status, lastSeq: last_seq } = this;
    return Response.json({ id: this.jobId, generation, status, last_seq, name: "a run" });
  };

  #page(url: URL): Response {
    const requests = Number(url.searchParams.get("since_seq"));
    const since = Math.max(0, requests - this.overlap());
    const until = requests + Number(url.searchParams.get("limit"));
    const rows = this.rows.filter(({ seq }) => seq > since && seq <= until);
    return Response.json({
      job_id: this.jobId,
      generation: this.generation,
      status: this.status,
      last_seq: this.lastSeq,
      rows,
      next_seq: rows.at(-1)?.seq ?? requests,
    });
  }

  #stream(url: URL, signal: AbortSignal | null): Response {
    const [generation, seq] = (url.searchParams.get("after") ?? "").split("-");
    const known = generation === this.generation && Number(seq) <= this.lastSeq;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        const begin = known ? Math.max(0, Number(seq) - this.overlap()) : this.lastSeq;
        const connection: Connection = { controller, seq: begin, ended: false };
        this.#connections.add(connection);
        signal?.addEventListener("abort", () => this.#connections.delete(connection));
        this.#write(connection, frame("connected", { generation: this.generation }));
        if (!known) this.#write(connection, frame("reset", { reason: "generation" }));
        this.#push();
      },
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  }

  #push(): void {
    for (const connection of this.#connections) {
      const rows = this.rows.filter(({ seq }) => seq > connection.seq);
      connection.seq = this.lastSeq;
      const text = rows.map((row, index) =>
        // As in the real one, only the last row of a seq carries the cursor.
        frame(
          row.event,
          row.data,
          rows[index + 1]?.seq === row.seq ? undefined : `${this.generation}-${row.seq}`,
        ),
      );
      if (text.length > 0) this.#write(connection, text.join(""));
    }
  }

  #write(connection: Connection, text: string): void {
    if (connection.ended) return;
    for (const chunk of this.chunked(new TextEncoder().encode(text))) {
      connection.controller.enqueue(chunk);
    }
  }
}

/** One server-sent event as text. */
function frame(event: string, data: unknown, id?: string): string {
  return `${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
