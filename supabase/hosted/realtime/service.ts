import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { encodeFrame, type ProtocolVersion } from "../../local/realtime/protocol.ts";
import { readJwt } from "../jwt.ts";
import { noCounts, proLimits, type RealtimeCounts, type RealtimeLimits } from "./faults.ts";
import { type BroadcastMessage, followMessages } from "./messages.ts";
import { SecondCounter } from "./second-counter.ts";
import { HostedSocket, type Subscriber } from "./socket.ts";

const path = "/realtime/v1/websocket";

export type HostedRealtime = {
  /** Read at every use, so that a test may change them while the service runs. */
  limits: RealtimeLimits;
  counts: RealtimeCounts;
  /** Moves the service's clock; tokens that have expired by then end their channels. */
  forward(ms: number): void;
  /** Cuts every connection, as a restart of the service does. */
  disconnectAll(): void;
  /** Removes the partitions of `realtime.messages`, as where their maintenance has failed. */
  dropPartitions(): Promise<void>;
  makePartitions(): Promise<void>;
  close(): Promise<void>;
};

type Options = {
  /** Where the database's Unix socket is. */
  cluster: { folder: string; port: number };
  jwtSecret: string;
  /** The token that the gateway makes of a key; null for a key that it doesn't know. */
  tokenOfKey(key: string, now: number, seconds: number): string | null;
};

/** Realtime as hosted Supabase runs it, as far as private broadcast channels go. */
export async function attachHostedRealtime(
  http: Server,
  { cluster, jwtSecret, tokenOfKey }: Options,
): Promise<HostedRealtime> {
  const limits = proLimits();
  const counts = noCounts();
  const sockets = new Set<HostedSocket>();
  const subscribers = new Set<Subscriber>();
  const joins = new SecondCounter();
  const sent = new SecondCounter();
  const now = () => Date.now() + limits.forwardMs;
  const webSockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });

  const broadcast = (message: BroadcastMessage) => {
    if (message.extension !== "broadcast") return;
    counts.messages += 1;
    const isPrivate = message.private ?? false;
    const group = [...subscribers].filter(
      (one) => one.topic === message.topic && one.private === isPrivate,
    );
    if (!sent.take(1 + group.length, limits.messagesPerSecond)) {
      counts.dropped += group.length;
      for (const one of group) one.shutDown("Too many messages per second");
      return;
    }
    for (const one of group) {
      counts.delivered += 1;
      one.deliver(broadcastFrame(one.version, message));
    }
  };
  const messages = await followMessages(cluster, broadcast);
  await messages.maintain();

  http.on("upgrade", (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const key = url.searchParams.get("apikey") ?? request.headers["x-api-key"]?.toString();
    const token = key && tokenOfKey(key, now(), limits.keyTokenSeconds);
    if (url.pathname !== path || !token) return refuse(stream);
    const version: ProtocolVersion = url.searchParams.get("vsn") === "2.0.0" ? "2.0.0" : "1.0.0";
    webSockets.handleUpgrade(request, stream, head, (socket) => {
      counts.sockets += 1;
      const client = new HostedSocket({
        socket,
        version,
        keyToken: token,
        limits,
        counts,
        now,
        readToken: (text) => readJwt(text, jwtSecret),
        mayRead: messages.mayRead,
        mayJoin: () => joins.take(1, limits.joinsPerSecond),
        subscribers,
      });
      sockets.add(client);
      socket.on("close", () => sockets.delete(client));
    });
  });

  const expireAll = () => {
    for (const client of sockets) client.endExpired();
  };
  const watch = setInterval(expireAll, 1_000);
  watch.unref();

  return {
    limits,
    counts,
    forward(ms) {
      limits.forwardMs += ms;
      expireAll();
    },
    disconnectAll() {
      for (const client of sockets) client.terminate();
    },
    dropPartitions: messages.dropPartitions,
    makePartitions: messages.maintain,
    async close() {
      clearInterval(watch);
      for (const client of sockets) client.terminate();
      await messages.close();
    },
  };
}

function broadcastFrame(version: ProtocolVersion, message: BroadcastMessage): string {
  return encodeFrame(version, {
    joinRef: null,
    ref: null,
    topic: `realtime:${message.topic}`,
    event: "broadcast",
    payload: { type: "broadcast", event: message.event, payload: message.payload },
  });
}

function refuse(stream: Duplex): void {
  stream.end("HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
}
