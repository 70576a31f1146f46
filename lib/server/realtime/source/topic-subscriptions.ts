import type { Clock, Doorbell, DoorbellListener } from "./feed.ts";

interface Topic {
  listeners: Set<DoorbellListener>;
  joined: boolean;
  stop: () => void;
  closing: unknown;
}

/** One subscription a topic, however many listen; it outlives its last listener by `graceMs`. */
export class Bells {
  readonly #doorbell: Doorbell;
  readonly #clock: Clock;
  readonly #graceMs: number;
  readonly #topics = new Map<string, Topic>();

  constructor(doorbell: Doorbell, clock: Clock, graceMs: number) {
    this.#doorbell = doorbell;
    this.#clock = clock;
    this.#graceMs = graceMs;
  }

  get topicCount(): number {
    return this.#topics.size;
  }

  /** Listens until the returned function is called, which may be called twice. */
  listen(name: string, listener: DoorbellListener): () => void {
    const topic = this.#topics.get(name) ?? this.#open(name);
    this.#clock.clearTimeout(topic.closing);
    topic.closing = null;
    topic.listeners.add(listener);
    if (topic.joined) listener.onJoined();
    return () => {
      if (!topic.listeners.delete(listener) || topic.listeners.size > 0) return;
      topic.closing = this.#clock.setTimeout(() => this.#close(name, topic), this.#graceMs);
    };
  }

  /** Gives up every subscription at once. */
  closeAll(): void {
    for (const [name, topic] of [...this.#topics]) this.#close(name, topic);
  }

  #open(name: string): Topic {
    const topic: Topic = { listeners: new Set(), joined: false, stop: () => {}, closing: null };
    this.#topics.set(name, topic);
    topic.stop = this.#doorbell.listen(name, {
      onRing: (event, payload) => {
        for (const listener of [...topic.listeners]) listener.onRing(event, payload);
      },
      onJoined: () => {
        topic.joined = true;
        for (const listener of [...topic.listeners]) listener.onJoined();
      },
    });
    return topic;
  }

  #close(name: string, topic: Topic): void {
    this.#clock.clearTimeout(topic.closing);
    if (this.#topics.get(name) !== topic) return;
    this.#topics.delete(name);
    topic.stop();
  }
}
