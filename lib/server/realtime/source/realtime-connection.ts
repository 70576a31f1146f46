import type { RealtimeChannel, RealtimeClient } from "@supabase/supabase-js";
import type { Clock, Notifier, NotifierListener } from "./feed.ts";
import { ReconnectDelay } from "./reconnect-delay.ts";

/** Why a connection was replaced by a new one. */
export const reconnectReasons = ["lost", "closed", "refused"] as const;
export type ReconnectReason = (typeof reconnectReasons)[number];

/** What happened since the process began; shared by all its connections. */
export interface RealtimeCounters {
  opened: number;
  reconnects: Record<ReconnectReason, number>;
  refusedJoins: number;
  notifications: number;
}

export function newRealtimeCounters(): RealtimeCounters {
  const reconnects = { lost: 0, closed: 0, refused: 0 };
  return { opened: 0, reconnects, refusedJoins: 0, notifications: 0 };
}

export interface ConnectionDeps {
  /** A client whose socket is not open yet. */
  connect(): RealtimeClient;
  clock: Clock;
  /** From 0 to below 1. */
  random(): number;
  counters: RealtimeCounters;
  log(message: string): void;
}

interface Topic {
  name: string;
  listener: NotifierListener;
  /** The current channel; callbacks of any other are ignored. */
  channel: RealtimeChannel | null;
  joined: boolean;
  delay: ReconnectDelay;
  retry: unknown;
}

/**
 * One socket to Supabase Realtime: private broadcast channels, joined with the secret key. Hosted
 * Supabase exchanges that key for a token of 24 h when the socket opens, then closes the channels and
 * refuses every further join on it. So whatever closes a channel leads to a new socket, after a delay.
 */
export class RealtimeConnection implements Notifier {
  readonly #deps: ConnectionDeps;
  readonly #topics = new Set<Topic>();
  readonly #delay: ReconnectDelay;
  #client: RealtimeClient | null = null;
  /** The library returns a topic's old channel until it has left, so the next one waits for that. */
  readonly #leaving = new Map<string, Promise<unknown>>();
  #reconnect: unknown = null;

  constructor(deps: ConnectionDeps) {
    this.#deps = deps;
    this.#delay = new ReconnectDelay(deps);
  }

  get topics(): number {
    return this.#topics.size;
  }

  get joinedTopics(): number {
    return [...this.#topics].filter(({ joined }) => joined).length;
  }

  /** Joins a topic until the returned function is called. The listener hears of every join. */
  subscribe(name: string, listener: NotifierListener): () => void {
    const delay = new ReconnectDelay(this.#deps);
    const topic: Topic = { name, listener, channel: null, joined: false, delay, retry: null };
    this.#topics.add(topic);
    if (this.#client) void this.#join(topic);
    else if (this.#reconnect === null) this.#open();
    return () => {
      this.#topics.delete(topic);
      this.#deps.clock.clearTimeout(topic.retry);
      this.#leave(topic);
    };
  }

  /** Leaves everything and closes the socket. */
  close(): void {
    this.#topics.clear();
    this.#deps.clock.clearTimeout(this.#reconnect);
    this.#reconnect = null;
    this.#dispose();
  }

  #open(): void {
    this.#client = this.#deps.connect();
    this.#deps.counters.opened += 1;
    for (const topic of this.#topics) void this.#join(topic);
  }

  async #join(topic: Topic): Promise<void> {
    const client = this.#client;
    await this.#leaving.get(topic.name);
    if (!client || client !== this.#client || !this.#topics.has(topic)) return;
    const channel = client.channel(topic.name, { config: { private: true } });
    topic.channel = channel;
    for (const event of ["change", "revoked"]) {
      channel.on("broadcast", { event }, ({ payload }) => {
        if (topic.channel !== channel) return;
        this.#deps.counters.notifications += 1;
        topic.listener.onNotify(event, isRecord(payload) ? payload : {});
      });
    }
    channel.subscribe((status, error) => {
      if (topic.channel !== channel) return;
      if (status === "SUBSCRIBED") {
        topic.joined = true;
        topic.delay.succeeded();
        this.#delay.succeeded();
        topic.listener.onJoined();
      } else {
        this.#troubled(topic, client, error?.message ?? status);
      }
    });
  }

  /** A channel was closed, refused or not answered for. */
  #troubled(topic: Topic, client: RealtimeClient, message: string): void {
    const refused = !topic.joined && client.isConnected();
    if (refused) this.#deps.counters.refusedJoins += 1;
    // A token that has expired refuses every join; a reason that only this topic has, no other.
    if (refused && this.joinedTopics > 0 && !/expired|jwt/i.test(message)) {
      this.#leave(topic);
      topic.retry = this.#deps.clock.setTimeout(() => void this.#join(topic), topic.delay.next());
    } else if (refused) this.#renew("refused", `a join was refused: ${message}`);
    else if (client.isConnected()) this.#renew("closed", "the server closed a channel");
    else this.#renew("lost", "the connection broke");
  }

  #renew(reason: ReconnectReason, message: string): void {
    const wait = this.#delay.next();
    this.#deps.counters.reconnects[reason] += 1;
    this.#deps.log(`Realtime: ${message}. Connecting again in ${(wait / 1000).toFixed(1)} s.`);
    this.#dispose();
    this.#reconnect = this.#deps.clock.setTimeout(() => {
      this.#reconnect = null;
      if (this.#topics.size > 0) this.#open();
    }, wait);
  }

  #dispose(): void {
    for (const topic of this.#topics) {
      this.#deps.clock.clearTimeout(topic.retry);
      topic.channel = null;
      topic.joined = false;
    }
    const client = this.#client;
    this.#client = null;
    this.#leaving.clear();
    if (!client) return;
    for (const channel of client.getChannels()) channel.teardown();
    void client.disconnect();
  }

  #leave(topic: Topic): void {
    const { name, channel } = topic;
    const client = this.#client;
    // Forgotten first, because removing a channel calls its own callback.
    topic.channel = null;
    topic.joined = false;
    if (!channel || !client) return;
    const left = client.removeChannel(channel).catch(() => {});
    this.#leaving.set(name, left);
    void left.then(() => {
      if (this.#leaving.get(name) === left) this.#leaving.delete(name);
    });
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
