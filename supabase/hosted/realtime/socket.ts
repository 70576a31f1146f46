import type { RawData, WebSocket } from "ws";
import { z } from "zod";
import {
  decodeFrame,
  encodeFrame,
  type Message,
  type ProtocolVersion,
} from "../../local/realtime/protocol.ts";
import type { Claims } from "../jwt.ts";
import type { RealtimeCounts, RealtimeLimits } from "./faults.ts";

const prefix = "realtime:";
const joinSchema = z.object({
  access_token: z.string().nullish(),
  config: z.object({ private: z.boolean().nullish() }).nullish(),
});
const tokenSchema = z.object({ access_token: z.string().nullish() });

/** A joined channel. */
export type Subscriber = {
  topic: string;
  private: boolean;
  version: ProtocolVersion;
  deliver(frame: string): void;
  shutDown(reason: string): void;
};

type Channel = Subscriber & { joinRef: string | null; claims: Claims };

type Options = {
  socket: WebSocket;
  version: ProtocolVersion;
  /** Made of the key when the socket was opened; it is never renewed. */
  keyToken: string;
  limits: RealtimeLimits;
  counts: RealtimeCounts;
  now(): number;
  readToken(token: string): Claims | null;
  mayRead(topic: string, claims: Claims): Promise<boolean>;
  mayJoin(): boolean;
  subscribers: Set<Subscriber>;
};

/** The service's end of one socket, with what hosted Realtime refuses and when it closes channels. */
export class HostedSocket {
  readonly #channels = new Map<string, Channel>();
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
    const { socket } = options;
    socket.on("message", (data, isBinary) => this.#receive(toBuffer(data), isBinary));
    socket.on("close", () => this.#dropAll());
    socket.on("error", () => socket.terminate());
  }

  terminate(): void {
    this.#options.socket.terminate();
  }

  /** Closes the channels whose token has expired. The socket itself stays open. */
  endExpired(): void {
    for (const channel of [...this.#channels.values()]) {
      if (this.#isExpired(channel.claims)) channel.shutDown(this.#expiry(channel.claims));
    }
  }

  #receive(data: Buffer, isBinary: boolean): void {
    const message = decodeFrame(data, isBinary);
    if (!message) return;
    const topic = message.topic.slice(prefix.length);
    if (message.event === "heartbeat") this.#reply(message, "ok", {});
    else if (message.event === "phx_join") void this.#join(message, topic);
    else if (message.event === "access_token") this.#changeToken(message, topic);
    else if (message.event === "phx_leave") {
      this.#reply(message, "ok", {});
      this.#close(topic);
    }
  }

  async #join(message: Message, topic: string): Promise<void> {
    const { limits, counts, mayJoin, subscribers, version } = this.#options;
    const { access_token: token, config } = joinSchema.parse(message.payload);
    const isPrivate = config?.private ?? false;
    const refuse = (reason: string) => {
      counts.refusedJoins += 1;
      this.#reply(message, "error", { reason });
    };
    if (!mayJoin()) return refuse("ClientJoinRateLimitReached: Too many joins per second");
    if (this.#channels.size >= limits.channelsPerConnection) {
      return refuse("ChannelRateLimitReached: Too many channels");
    }
    const claims = this.#claimsOf(token);
    if (!claims) return refuse("MalformedJWT: The token provided is not a valid JWT");
    if (this.#isExpired(claims)) return refuse(`InvalidJWTToken: ${this.#expiry(claims)}`);
    if (isPrivate && !(await this.#mayRead(topic, claims))) {
      return refuse(
        `Unauthorized: You do not have permissions to read from this Channel topic: ${topic}`,
      );
    }
    this.#close(topic);
    const channel: Channel = {
      topic,
      private: isPrivate,
      version,
      claims,
      joinRef: message.joinRef ?? message.ref,
      deliver: (frame) => this.#send(frame),
      shutDown: (reason) => this.#shutDown(topic, reason),
    };
    this.#channels.set(topic, channel);
    subscribers.add(channel);
    counts.joins += 1;
    this.#reply(message, "ok", { postgres_changes: [] });
  }

  /** A check that fails, for want of a partition for instance, counts as a refusal. */
  async #mayRead(topic: string, claims: Claims): Promise<boolean> {
    return this.#options.mayRead(topic, claims).catch(() => false);
  }

  #changeToken(message: Message, topic: string): void {
    const { access_token: token } = tokenSchema.parse(message.payload);
    const channel = this.#channels.get(topic);
    if (!channel || !token || token.startsWith("sb_")) return;
    const claims = this.#options.readToken(token);
    if (claims) channel.claims = claims;
    if (!claims) channel.shutDown("MalformedJWT: The token provided is not a valid JWT");
    else if (this.#isExpired(claims)) channel.shutDown(this.#expiry(claims));
  }

  /** A key is no token: the one made of it when the socket was opened goes on counting. */
  #claimsOf(token: string | null | undefined): Claims | null {
    const { keyToken, readToken } = this.#options;
    return readToken(!token || token.startsWith("sb_") ? keyToken : token);
  }

  #isExpired(claims: Claims): boolean {
    return claims.exp * 1000 <= this.#options.now();
  }

  #expiry(claims: Claims): string {
    return `Token has expired ${Math.floor(this.#options.now() / 1000 - claims.exp)} seconds ago`;
  }

  #shutDown(topic: string, message: string): void {
    this.#options.counts.closedChannels += 1;
    this.#sendMessage({
      joinRef: this.#channels.get(topic)?.joinRef ?? null,
      ref: null,
      topic: prefix + topic,
      event: "system",
      payload: { extension: "system", status: "error", message, channel: topic },
    });
    this.#close(topic);
  }

  #close(topic: string): void {
    const channel = this.#channels.get(topic);
    if (!channel) return;
    this.#channels.delete(topic);
    this.#options.subscribers.delete(channel);
    const { joinRef } = channel;
    const event = "phx_close";
    this.#sendMessage({ joinRef, ref: joinRef, topic: prefix + topic, event, payload: {} });
  }

  #dropAll(): void {
    for (const channel of this.#channels.values()) this.#options.subscribers.delete(channel);
    this.#channels.clear();
  }

  #reply({ joinRef, ref, topic }: Message, status: "ok" | "error", response: object): void {
    const event = "phx_reply";
    this.#sendMessage({ joinRef, ref, topic, event, payload: { status, response } });
  }

  #sendMessage(message: Message): void {
    this.#send(encodeFrame(this.#options.version, message));
  }

  #send(frame: string): void {
    const { socket } = this.#options;
    if (socket.readyState === socket.OPEN) socket.send(frame);
  }
}

function toBuffer(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? Buffer.from(data) : data;
}
