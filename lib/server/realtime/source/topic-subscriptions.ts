import type { Clock, Notifier, NotifierListener } from "./feed.ts";

interface Topic {
  listeners: Set<NotifierListener>;
  joined: boolean;
  stop: () => void;
  closing: unknown;
}

/** One subscription per topic, shared by all its listeners; it outlives the last by `graceMs`. */
export class TopicSubscriptions {
  readonly #notifier: Notifier;
  readonly #clock: Clock;
  readonly #graceMs: number;
  readonly #topics = new Map<string, Topic>();

  constructor(notifier: Notifier, clock: Clock, graceMs: number) {
    this.#notifier = notifier;
    this.#clock = clock;
    this.#graceMs = graceMs;
  }

  /** Subscribes until the returned function is called, which may be called twice. */
  subscribe(name: string, listener: NotifierListener): () => void {
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

  /** Ends every subscription at once. */
  closeAll(): void {
    for (const [name, topic] of [...this.#topics]) this.#close(name, topic);
  }

  #open(name: string): Topic {
    const topic: Topic = { listeners: new Set(), joined: false, stop: () => {}, closing: null };
    this.#topics.set(name, topic);
    topic.stop = this.#notifier.subscribe(name, {
      onNotify: (event, payload) => {
        for (const listener of [...topic.listeners]) listener.onNotify(event, payload);
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
