import type { RawData, WebSocket } from "ws";
import { z } from "zod";
import { type Authority, authorityOfToken, decideJoin, mayHear } from "./authorise.ts";
import { decodeFrame, encodeFrame, type Message, type ProtocolVersion } from "./protocol.ts";

const prefix = "realtime:";
const maxChannels = 10_000;
const maxBufferedBytes = 1024 * 1024;
const tokenSchema = z.object({ access_token: z.string().nullish() });

/** One joined channel of one socket. */
export type Subscription = {
  topic: string;
  private: boolean;
  version: ProtocolVersion;
  deliver(frame: string): void;
};

/** Where sockets put their subscriptions. */
export type Subscriptions = {
  add(subscription: Subscription): void;
  remove(subscription: Subscription): void;
};

type Channel = Subscription & { joinRef: string | null; authority: Authority };

/** The server's end of one Phoenix socket: joins, leaves, heartbeats, and nothing else. */
export class RealtimeSocket {
  /** When the client was last heard, by the clock of `performance.now()`. */
  heardAt = performance.now();
  readonly #channels = new Map<string, Channel>();
  readonly #socket: WebSocket;
  readonly #version: ProtocolVersion;
  readonly #opened: Authority;
  readonly #keys: { publishableKey: string; secretKey: string };
  readonly #subscriptions: Subscriptions;

  constructor(options: {
    socket: WebSocket;
    version: ProtocolVersion;
    opened: Authority;
    keys: { publishableKey: string; secretKey: string };
    subscriptions: Subscriptions;
  }) {
    this.#socket = options.socket;
    this.#version = options.version;
    this.#opened = options.opened;
    this.#keys = options.keys;
    this.#subscriptions = options.subscriptions;
    this.#socket.on("message", (data, isBinary) => this.#receive(toBuffer(data), isBinary));
    this.#socket.on("close", () => this.#dropAll());
    this.#socket.on("error", () => this.#socket.terminate());
  }

  /** Closes with a code that makes clients come back: 1001, going away. */
  goAway(): void {
    this.#socket.close(1001, "going away");
  }

  terminate(): void {
    this.#socket.terminate();
  }

  #receive(data: Buffer, isBinary: boolean): void {
    this.heardAt = performance.now();
    const message = decodeFrame(data, isBinary);
    if (!message) return;
    switch (message.event) {
      case "heartbeat":
        this.#reply(message, "ok", {});
        break;
      case "phx_join":
        this.#join(message);
        break;
      case "phx_leave":
        this.#leave(message);
        break;
      case "access_token":
        this.#changeToken(message);
        break;
      default:
        this.#refuse(message, "Only the database may send on this server");
    }
  }

  #join(message: Message): void {
    if (!message.topic.startsWith(prefix) || this.#channels.size >= maxChannels) {
      this.#refuse(message, "Unmatched topic");
      return;
    }
    const topic = message.topic.slice(prefix.length);
    const decision = decideJoin(topic, message.payload, this.#opened, this.#keys);
    if (!decision.granted) {
      this.#refuse(message, decision.reason);
      return;
    }

    // A second join of a topic replaces the first, which is told that it is closed.
    this.#close(topic);
    const channel: Channel = {
      topic,
      private: decision.private,
      authority: decision.authority,
      joinRef: message.joinRef ?? message.ref,
      version: this.#version,
      deliver: (frame) => this.#send(frame),
    };
    this.#channels.set(topic, channel);
    this.#subscriptions.add(channel);
    this.#reply(message, "ok", { postgres_changes: [] });
  }

  #leave(message: Message): void {
    this.#reply(message, "ok", {});
    this.#close(message.topic.slice(prefix.length));
  }

  #changeToken(message: Message): void {
    const channel = this.#channels.get(message.topic.slice(prefix.length));
    const parsed = tokenSchema.safeParse(message.payload);
    if (!channel || !parsed.success) return;
    channel.authority = authorityOfToken(parsed.data.access_token, this.#opened, this.#keys);
    if (!mayHear(channel.topic, channel.private, channel.authority)) this.#close(channel.topic);
  }

  #close(topic: string): void {
    const channel = this.#channels.get(topic);
    if (!channel) return;
    this.#channels.delete(topic);
    this.#subscriptions.remove(channel);
    this.#sendMessage({
      joinRef: channel.joinRef,
      ref: channel.joinRef,
      topic: prefix + topic,
      event: "phx_close",
      payload: {},
    });
  }

  #dropAll(): void {
    for (const channel of this.#channels.values()) this.#subscriptions.remove(channel);
    this.#channels.clear();
  }

  #reply({ joinRef, ref, topic }: Message, status: "ok" | "error", response: object): void {
    if (ref === null) return;
    this.#sendMessage({ joinRef, ref, topic, event: "phx_reply", payload: { status, response } });
  }

  #refuse(message: Message, reason: string): void {
    this.#reply(message, "error", { reason });
  }

  #sendMessage(message: Message): void {
    this.#send(encodeFrame(this.#version, message));
  }

  #send(frame: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    // A client that doesn't read is cut off; it comes back and reads the database instead.
    if (this.#socket.bufferedAmount > maxBufferedBytes) this.#socket.terminate();
    else this.#socket.send(frame);
  }
}

function toBuffer(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? Buffer.from(data) : data;
}
