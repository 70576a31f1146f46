import type { ErrorCode } from "../../contracts/error.ts";
import type { Bells } from "./bells.ts";

/** What a stream was opened with; checked again while it is open. */
export interface StreamCredential {
  /** Equal for the same key or session, so that its streams share one check. */
  id: string;
  /** Whether it would still open this stream. A rejection is no answer and changes nothing. */
  check(): Promise<boolean>;
}

export interface Revocable {
  fail(code: ErrorCode, message: string): void;
}

interface Watched {
  userId: string;
  credential: StreamCredential;
  streams: Set<Revocable>;
  unlisten: () => void;
  checking: boolean;
}

/** Ends the streams of credentials that have been revoked, have expired or signed out. */
export class CredentialWatch {
  readonly #bells: Bells;
  readonly #log: (message: string, error?: unknown) => void;
  readonly #watched = new Map<string, Watched>();

  constructor(bells: Bells, log: (message: string, error?: unknown) => void) {
    this.#bells = bells;
    this.#log = log;
  }

  /** Watches a stream's credential until the returned function is called (twice is harmless). */
  add(userId: string, credential: StreamCredential, stream: Revocable): () => void {
    const id = `${userId} ${credential.id}`;
    const watched = this.#watched.get(id) ?? this.#watch(id, userId, credential);
    // The newest request's own copy: an older one may hold a token that has been refreshed since.
    watched.credential = credential;
    watched.streams.add(stream);
    return () => {
      watched.streams.delete(stream);
      if (watched.streams.size > 0 || this.#watched.get(id) !== watched) return;
      this.#watched.delete(id);
      watched.unlisten();
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
      unlisten: () => {},
      checking: false,
    };
    this.#watched.set(id, watched);
    watched.unlisten = this.#bells.listen(`user:${userId}`, {
      onRing: (event) => {
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
      if (await watched.credential.check()) return;
      for (const stream of [...watched.streams]) {
        stream.fail("unauthorized", "This credential is no longer valid.");
      }
    } catch (error) {
      this.#log("a stream's credential could not be checked", error);
    } finally {
      watched.checking = false;
    }
  }
}
