import type { Clock, Notifier, NotifierListener } from "./feed.ts";

interface Topic {
  listeners: ListenersByJob;
  joined: boolean;
  stop: () => void;
  closing: unknown;
}

/**
 * One subscription per topic, shared by all its listeners; it outlives the last by `graceMs`. A user's
 * runs share the user's topic, so a listener may ask for one job's changes alone.
 */
export class TopicSubscriptions implements Notifier {
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

  /** Notifies the listeners of this process alone, without a message. */
  notify(name: string, event: string, payload: Record<string, unknown>): void {
    for (const listener of this.#topics.get(name)?.listeners.of(payload) ?? []) {
      listener.onNotify(event, payload);
    }
  }

  /** Ends every subscription at once. */
  closeAll(): void {
    for (const [name, topic] of [...this.#topics]) this.#close(name, topic);
  }

  #open(name: string): Topic {
    const listeners = new ListenersByJob();
    const topic: Topic = { listeners, joined: false, stop: () => {}, closing: null };
    this.#topics.set(name, topic);
    topic.stop = this.#notifier.subscribe(name, {
      onNotify: (event, payload) => this.notify(name, event, payload),
      onJoined: () => {
        topic.joined = true;
        for (const listener of listeners.all()) listener.onJoined();
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

/** A topic's listeners by the job they listen to; `undefined` for those of all. */
class ListenersByJob {
  readonly #byJob = new Map<number | undefined, Set<NotifierListener>>();
  size = 0;

  add(listener: NotifierListener): void {
    const group = this.#byJob.get(listener.jobKey) ?? new Set();
    this.#byJob.set(listener.jobKey, group.add(listener));
    this.size += 1;
  }

  /** Whether it was there. */
  delete(listener: NotifierListener): boolean {
    const group = this.#byJob.get(listener.jobKey);
    if (!group?.delete(listener)) return false;
    if (group.size === 0) this.#byJob.delete(listener.jobKey);
    this.size -= 1;
    return true;
  }

  all(): NotifierListener[] {
    return [...this.#byJob.values()].flatMap((group) => [...group]);
  }

  /** The listeners that a message concerns. */
  of({ key }: Record<string, unknown>): NotifierListener[] {
    const job = typeof key === "number" ? (this.#byJob.get(key) ?? []) : [];
    return [...(this.#byJob.get(undefined) ?? []), ...job];
  }
}
