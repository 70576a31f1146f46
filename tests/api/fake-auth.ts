import { createServer } from "node:http";

interface AuthRequest {
  path: string;
  redirectTo: string | null;
  body: Record<string, unknown>;
}

type Answer = { status: number; body: unknown };

export interface FakeAuth {
  url: string;
  requests: AuthRequest[];
  /** Answers instead of the well-behaved default where it returns something. */
  override: ((request: AuthRequest) => Answer | undefined) | null;
  close(): Promise<void>;
}

const user = { id: crypto.randomUUID(), email: "ada@example.com", aud: "authenticated" };

/** What the dashboard uses of hosted Supabase Auth where e-mails are sent: the codes of their links. */
export async function startFakeAuth(): Promise<FakeAuth> {
  const used = new Set<unknown>();
  const answer = ({ path, body }: AuthRequest): Answer => {
    if (path === "/auth/v1/recover") return { status: 200, body: {} };
    if (path === "/auth/v1/signup") return { status: 200, body: user };
    if (path === "/auth/v1/user") return { status: 200, body: user };
    if (path !== "/auth/v1/token") return { status: 204, body: "" };
    const known = body.auth_code === "good" && !used.has(body.auth_code) && body.code_verifier;
    used.add(body.auth_code);
    if (!known) {
      return { status: 404, body: { code: "flow_state_not_found", message: "invalid flow state" } };
    }
    const expires_at = Math.floor(Date.now() / 1000) + 3600;
    const token = { access_token: "e30.e30.e30", refresh_token: "r", token_type: "bearer" };
    return { status: 200, body: { ...token, expires_in: 3600, expires_at, user } };
  };
  const http = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const url = new URL(incoming.url ?? "/", "http://auth");
    const text = Buffer.concat(chunks).toString();
    const request: AuthRequest = {
      path: url.pathname,
      redirectTo: url.searchParams.get("redirect_to"),
      body: text ? JSON.parse(text) : {},
    };
    fake.requests.push(request);
    const { status, body } = fake.override?.(request) ?? answer(request);
    outgoing.writeHead(status, {
      "content-type": "application/json",
      "x-supabase-api-version": "2024-01-01",
    });
    outgoing.end(status === 204 ? undefined : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const address = http.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const fake: FakeAuth = {
    url: `http://127.0.0.1:${address.port}`,
    requests: [],
    override: null,
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
  return fake;
}
