import type { ErrorCode } from "@signalbox/protocol/wire/error";
import { type Notifier, userTopic } from "../source/feed.ts";

/** The credential that opened a stream; checked again while the stream is open. */
export interface StreamCredential {
  /** Equal for the same key or session, so that its streams share one check. */
  id: string;
  /**
   * Whether it still allows this stream. `expired`: the client may already hold a fresh token, so
   * the stream closes without an error and the client reconnects. A rejection decides nothing.
   */
  check(): Promise<"valid" | "expired" | "revoked">;
}

export interface Revocable {
  fail(code: ErrorCode, message: string): void;
  end(): void;
}

interface Watched {
  userId: string;
  credential: StreamCredential;
  streams: Set<Revocable>;
  unsubscribe: () => void;
  checking: boolean;
}

/** Ends the streams of credentials that have been revoked, have expired or signed out. */
export class CredentialWatch {
  readonly #notifier: Notifier;
  readonly #log: (message: string, error?: unknown) => void;
  readonly #watched = new Map<string, Watched>();

  constructor(notifier: Notifier, log: (message: string, error?: unknown) => void) {
    this.#notifier = notifier;
    this.#log = log;
  }

  /** Watches a stream's credential until the returned function is called (twice is harmless). */
  add(userId: string, credential: StreamCredential, stream: Revocable): () => void {
    const id = `${userId} ${credential.id}`;
    const watched = this.#watched.get(id) ?? this.#watch(id, userId, credential);
    // Keep the newest request's copy: an older one may hold a token refreshed since.
    watched.credential = credential;
    watched.streams.add(stream);
    return () => {
      watched.streams.delete(stream);
      if (watched.streams.size > 0 || this.#watched.get(id) !== watched) return;
      this.#watched.delete(id);
      watched.unsubscribe();
    };
  }

  /** Checks every credential in use once. */
  checkAll(): void {
    for (const watched of this.#watched.values()) void this.#check(watched);
  }

  #watch(id: string, userId: string, credential: StreamCredential): Watched {
    const watched: Watched = {
      userId,
      credential,
      streams: new Set(),
      unsubscribe: () => {},
      checking: false,
    };
    this.#watched.set(id, watched);
    watched.unsubscribe = this.#notifier.subscribe(userTopic(userId), {
      onNotify: (event) => {
        if (event === "revoked") void this.#check(watched);
      },
      onJoined: () => {},
    });
    return watched;
  }

  async #check(watched: Watched): Promise<void> {
    if (watched.checking) return;
    watched.checking = true;
    try {
      const verdict = await watched.credential.check();
      if (verdict === "valid") return;
      for (const stream of [...watched.streams]) {
        if (verdict === "expired") stream.end();
        else stream.fail("unauthorized", "This credential is no longer valid.");
      }
    } catch (error) {
      this.#log("a stream's credential could not be checked", error);
    } finally {
      watched.checking = false;
    }
  }
}
