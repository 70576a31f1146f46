import { createServer } from "node:http";

interface BackendRequest {
  method: string;
  path: string;
  headers: Record<string, string | undefined>;
  body: unknown;
}

type BackendReply = { status: number; body: unknown } | "hang up";

export interface RecordingBackend {
  url: string;
  token: string;
  requests: BackendRequest[];
  /** Answers instead of the well-behaved default where it returns something. */
  override: ((request: BackendRequest) => BackendReply | undefined) | null;
  /** The recorded requests of one method and path. */
  to(method: string, path: string): BackendRequest[];
  /** As it was when it was started, for the next test. */
  forget(): void;
  close(): Promise<void>;
}

const capabilities = {
  trainers: [
    {
      kind: "sft",
      name: "Recorded trainer",
      config_schema: {
        type: "object",
        properties: {
          epochs: { type: "integer", default: 3 },
          learning_rate: { type: "number", default: 0.01 },
        },
      },
      live_params: { learning_rate: { min: 0, max: 1 } },
      pause: ["hold", "release"],
    },
  ],
};

function defaultReply({ method, path, body }: BackendRequest): BackendReply {
  if (path === "/v1/health") {
    return { status: 200, body: { status: "ok", version: "0", active_jobs: 0 } };
  }
  if (path === "/v1/capabilities") return { status: 200, body: capabilities };
  if (path === "/v1/queue") {
    return {
      status: 200,
      body: { maximum: 8, maximum_per_user: 4, running: [], waiting: [] },
    };
  }
  if (path === "/v1/jobs" && method === "POST") return { status: 201, body: { ok: true } };
  if (path.endsWith("/commands")) return { status: 202, body: { command: body } };
  return { status: 200, body: { success: true } };
}

/** A training backend (contract §7) that trains nothing and remembers what it was asked. */
export async function startRecordingBackend(): Promise<RecordingBackend> {
  const token = "backend-token";
  const http = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const request: BackendRequest = {
      method: incoming.method ?? "",
      path: incoming.url ?? "",
      headers: incoming.headers as Record<string, string | undefined>,
      body: text ? JSON.parse(text) : undefined,
    };
    backend.requests.push(request);
    const reply = backend.override?.(request) ?? defaultReply(request);
    if (reply === "hang up") {
      incoming.socket.destroy();
      return;
    }
    outgoing.writeHead(reply.status, { "content-type": "application/json" });
    outgoing.end(typeof reply.body === "string" ? reply.body : JSON.stringify(reply.body));
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const address = http.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const backend: RecordingBackend = {
    url: `http://127.0.0.1:${address.port}`,
    token,
    requests: [],
    override: null,
    to: (method, path) =>
      backend.requests.filter((request) => request.method === method && request.path === path),
    forget: () => {
      backend.requests.length = 0;
      backend.override = null;
    },
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
  return backend;
}
