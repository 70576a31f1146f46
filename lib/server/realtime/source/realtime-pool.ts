import type { Notifier, NotifierListener } from "./feed.ts";
import {
  type ConnectionDeps,
  newRealtimeCounters,
  RealtimeConnection,
  type RealtimeCounters,
} from "./realtime-connection.ts";

/** Hosted Supabase allows 100 channels a connection; health checks join one for a moment. */
const topicsPerConnection = 90;

export interface RealtimeStats extends RealtimeCounters {
  topics: number;
  joinedTopics: number;
}

/** The connections of a process to Realtime: one, and further ones when its channels run out. */
export class RealtimePool implements Notifier {
  readonly #deps: ConnectionDeps;
  readonly #connections: RealtimeConnection[] = [];

  constructor(deps: Omit<ConnectionDeps, "counters">) {
    this.#deps = { ...deps, counters: newRealtimeCounters() };
  }

  /** See {@link RealtimeConnection.subscribe}. */
  subscribe(topic: string, listener: NotifierListener): () => void {
    const free = this.#connections.find(({ topics }) => topics < topicsPerConnection);
    return (free ?? this.#add()).subscribe(topic, listener);
  }

  stats(): RealtimeStats {
    const sum = (count: (connection: RealtimeConnection) => number) =>
      this.#connections.reduce((total, connection) => total + count(connection), 0);
    return {
      ...this.#deps.counters,
      topics: sum(({ topics }) => topics),
      joinedTopics: sum(({ joinedTopics }) => joinedTopics),
    };
  }

  close(): void {
    for (const connection of this.#connections) connection.close();
  }

  #add(): RealtimeConnection {
    const connection = new RealtimeConnection(this.#deps);
    this.#connections.push(connection);
    return connection;
  }
}
