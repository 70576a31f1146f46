import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { z } from "zod";
import type { Log } from "../log.ts";
import { authorityOfKey } from "./authorise.ts";
import { encodeFrame, type ProtocolVersion } from "./protocol.ts";
import { RealtimeSocket, type Subscription } from "./socket.ts";

const path = "/realtime/v1/websocket";
const maxFrameBytes = 256 * 1024;
const silenceMs = 75_000;

const notificationSchema = z.object({
  topic: z.string(),
  event: z.string(),
  private: z.boolean().nullish(),
  payload: z.unknown(),
});

export type RealtimeServer = {
  /** Sends what `realtime.send` notified to the subscribers of its topic. */
  broadcast(notification: string): void;
  /** Tells all clients that the server goes away. */
  close(): void;
};

/** Adds Supabase Realtime's broadcast, as far as Signalbox uses it, to an HTTP server. */
export function attachRealtime(
  http: Server,
  keys: { publishableKey: string; secretKey: string },
  log: Log,
): RealtimeServer {
  const webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxFrameBytes,
    perMessageDeflate: false,
  });
  const sockets = new Set<RealtimeSocket>();
  const topics = new Map<string, Set<Subscription>>();
  const subscriptions = {
    add(subscription: Subscription) {
      const group = topics.get(subscription.topic) ?? new Set();
      topics.set(subscription.topic, group.add(subscription));
    },
    remove(subscription: Subscription) {
      const group = topics.get(subscription.topic);
      group?.delete(subscription);
      if (group?.size === 0) topics.delete(subscription.topic);
    },
  };

  http.on("upgrade", (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    if (url.pathname !== path) return refuse(stream, "404 Not Found");
    const key = url.searchParams.get("apikey") ?? request.headers["x-api-key"]?.toString() ?? null;
    const opened = authorityOfKey(key, keys);
    if (!opened) return refuse(stream, "401 Unauthorized");
    const version: ProtocolVersion = url.searchParams.get("vsn") === "2.0.0" ? "2.0.0" : "1.0.0";
    webSockets.handleUpgrade(request, stream, head, (socket) => {
      const client = new RealtimeSocket({ socket, version, opened, keys, subscriptions });
      sockets.add(client);
      socket.on("close", () => sockets.delete(client));
    });
  });

  // Clients send a heartbeat every 25 s, so a silent one is gone without having said so.
  const watch = setInterval(() => {
    for (const client of sockets) {
      if (performance.now() - client.heardAt > silenceMs) client.terminate();
    }
  }, silenceMs / 3);
  watch.unref();

  return {
    broadcast(notification) {
      const parsed = parseNotification(notification);
      if (!parsed) return log("A notification on the realtime channel could not be read.");
      const { topic, event, payload } = parsed;
      const group = topics.get(topic);
      if (!group) return;
      const frames = new Map<ProtocolVersion, string>();
      for (const subscription of group) {
        if (subscription.private !== (parsed.private ?? true)) continue;
        const { version } = subscription;
        const frame = frames.get(version) ?? broadcastFrame(version, topic, event, payload);
        frames.set(version, frame);
        subscription.deliver(frame);
      }
    },
    close() {
      clearInterval(watch);
      for (const client of sockets) client.goAway();
    },
  };
}

function broadcastFrame(
  version: ProtocolVersion,
  topic: string,
  event: string,
  payload: unknown,
): string {
  return encodeFrame(version, {
    joinRef: null,
    ref: null,
    topic: `realtime:${topic}`,
    event: "broadcast",
    payload: { type: "broadcast", event, payload },
  });
}

function parseNotification(text: string) {
  try {
    return notificationSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function refuse(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
