/** One connection whose server side the test plays. */
class FakeConnection {
  readonly url: string;
  readonly headers: Headers;
  aborted = false;
  readonly #encoder = new TextEncoder();
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  #answer: (response: Response) => void = () => {};
  #reject: (error: Error) => void = () => {};
  readonly response: Promise<Response>;

  constructor(url: string, init: RequestInit = {}) {
    this.url = url;
    this.headers = new Headers(init.headers);
    this.response = new Promise((resolve, reject) => {
      this.#answer = resolve;
      this.#reject = reject;
    });
    init.signal?.addEventListener("abort", () => {
      this.aborted = true;
      this.#reject(new Error("aborted"));
    });
  }

  /** Answers 200 with an open event stream. */
  open(): this {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#controller = controller;
      },
      cancel: () => {
        this.#controller = null;
      },
    });
    this.#answer(new Response(body, { headers: { "content-type": "text/event-stream" } }));
    return this;
  }

  /** Answers with another status. */
  refuse(status: number, code = "internal", headers: Record<string, string> = {}): void {
    const error = { code, message: `refused with ${status}`, request_id: "req_1" };
    this.#answer(Response.json({ error }, { status, headers }));
  }

  /** Answers 204: nothing more will come. */
  end(): void {
    this.#answer(new Response(null, { status: 204 }));
  }

  /** The network fails before an answer. */
  fail(): void {
    this.#reject(new TypeError("fetch failed"));
  }

  raw(text: string | Uint8Array): this {
    this.#controller?.enqueue(typeof text === "string" ? this.#encoder.encode(text) : text);
    return this;
  }

  send(event: string, data: unknown, id?: string): this {
    return this.raw(`${id ? `id: ${id}\n` : ""}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  close(): void {
    this.#controller?.close();
  }

  break(): void {
    this.#controller?.error(new Error("connection reset"));
  }
}

/** A `fetch` whose connections the test answers one by one. */
export class ScriptServer {
  readonly connections: FakeConnection[] = [];

  readonly fetch = ((url: string, init?: RequestInit) => {
    const connection = new FakeConnection(String(url), init);
    this.connections.push(connection);
    return connection.response;
  }) as typeof globalThis.fetch;

  get last(): FakeConnection {
    const connection = this.connections.at(-1);
    if (!connection) throw new Error("no connection was opened");
    return connection;
  }
}

/** A page whose visibility the test sets. */
export class FakePage {
  #hidden = false;
  readonly #listeners = new Set<() => void>();
  readonly #slotListeners = new Set<() => void>();
  /** How often this page asked the others for a connection slot. */
  slotRequests = 0;

  hidden = (): boolean => this.#hidden;

  subscribe = (listener: () => void, onSlotRequested: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#slotListeners.add(onSlotRequested);
    return () => {
      this.#listeners.delete(listener);
      this.#slotListeners.delete(onSlotRequested);
    };
  };

  requestSlot = (): void => {
    this.slotRequests += 1;
  };

  /** Another page of the browser is about to connect. */
  slotRequested(): void {
    for (const listener of [...this.#slotListeners]) listener();
  }

  set(hidden: boolean): void {
    this.#hidden = hidden;
    for (const listener of [...this.#listeners]) listener();
  }

  get watchers(): number {
    return this.#listeners.size;
  }
}
