import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocket as Upstream, type WebSocket, WebSocketServer } from "ws";
import {
  decodeFrame,
  encodeFrame,
  type Message,
} from "../../../../supabase/local/realtime/protocol.ts";

const expired = "Token has expired 0 seconds ago";

/** A client's socket: the channels that it has joined, and why it may join no more. */
interface Session {
  socket: WebSocket;
  joins: Map<string, Message>;
  refusal: string | null;
}

export interface TokenGateway {
  url: string;
  /** Sockets that were opened, joins that were asked for, and those that were refused. */
  counts: { opened: number; joins: number; refused: number };
  /** A reason to refuse the join of a topic, on any socket. */
  refuse: (topic: string) => string | null;
  /** What hosted Supabase does to sockets that were opened 24 h ago with a key alone. */
  expireTokens(): void;
  /** Breaks every open socket. */
  disconnectAll(): void;
  close(): Promise<void>;
}

/**
 * A gateway like hosted Supabase's before an embedded Realtime: it exchanges the key for a token when a
 * socket opens. Once that has expired, Realtime sends each channel a `system` message and `phx_close`,
 * and refuses joins on the same socket with the reason.
 */
export async function startTokenGateway(behind: { url: string }): Promise<TokenGateway> {
  const http = createServer();
  const server = new WebSocketServer({ server: http });
  const sessions = new Set<Session>();
  await new Promise<void>((done) => http.listen(0, "127.0.0.1", done));
  const { port } = http.address() as AddressInfo;

  const tell = ({ socket }: Session, message: Message) =>
    socket.send(encodeFrame("2.0.0", message));

  server.on("connection", (socket, request) => {
    const session: Session = { socket, joins: new Map(), refusal: null };
    sessions.add(session);
    gateway.counts.opened += 1;
    const upstream = new Upstream(new URL(request.url ?? "/", behind.url));
    const opened = new Promise((resolve) => upstream.once("open", resolve));
    socket.on("message", async (data: Buffer, isBinary) => {
      const message = decodeFrame(data, isBinary);
      if (message?.event === "phx_join") {
        gateway.counts.joins += 1;
        const reason = session.refusal ?? gateway.refuse(message.topic.replace("realtime:", ""));
        if (reason) {
          gateway.counts.refused += 1;
          const payload = { status: "error", response: { reason } };
          tell(session, { ...message, event: "phx_reply", payload });
          return;
        }
        session.joins.set(message.topic, message);
      }
      await opened;
      upstream.send(data, { binary: isBinary });
    });
    upstream.on("message", (data: Buffer, binary) => socket.send(data, { binary }));
    upstream.on("error", () => socket.terminate());
    upstream.on("close", () => socket.close());
    socket.on("close", () => {
      sessions.delete(session);
      upstream.terminate();
    });
  });

  const gateway: TokenGateway = {
    url: `http://127.0.0.1:${port}`,
    counts: { opened: 0, joins: 0, refused: 0 },
    refuse: () => null,
    expireTokens: () => {
      for (const session of sessions) {
        session.refusal = `InvalidJWTToken: ${expired}`;
        for (const { topic, joinRef } of session.joins.values()) {
          const channel = topic.replace("realtime:", "");
          const system = { extension: "system", status: "error", message: expired, channel };
          tell(session, { joinRef, ref: null, topic, event: "system", payload: system });
          tell(session, { joinRef, ref: joinRef, topic, event: "phx_close", payload: {} });
        }
        session.joins.clear();
      }
    },
    disconnectAll: () => {
      for (const { socket } of sessions) socket.terminate();
    },
    close: async () => {
      gateway.disconnectAll();
      http.closeAllConnections();
      await new Promise((done) => http.close(done));
    },
  };
  return gateway;
}
