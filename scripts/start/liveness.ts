const missesUntilHung = 3;

interface LivenessOptions {
  /** Any answer counts; what the service thinks of itself is not the question. */
  url: string;
  /** A service that has not answered for so long hangs. */
  hungAfterMs: number;
  onHung: () => void;
}

/**
 * Asks a service over HTTP whether it responds at all. Requests are counted rather than time, so that a
 * machine that slept ends nothing.
 */
export class Liveness {
  readonly #options: LivenessOptions;
  #watch: AbortController | null = null;

  constructor(options: LivenessOptions) {
    this.#options = options;
  }

  start(): void {
    this.stop();
    this.#watch = new AbortController();
    void this.#run(this.#watch.signal);
  }

  stop(): void {
    this.#watch?.abort();
    this.#watch = null;
  }

  async #run(stopped: AbortSignal): Promise<void> {
    const { url, hungAfterMs, onHung } = this.#options;
    const everyMs = hungAfterMs / missesUntilHung;
    let misses = 0;
    while (misses < missesUntilHung) {
      const turn = aTurn(everyMs, stopped);
      const responds = await fetch(url, { signal: AbortSignal.any([stopped, turn.over]) }).then(
        async (response) => {
          await response.body?.cancel();
          return true;
        },
        () => false,
      );
      misses = responds ? 0 : misses + 1;
      await turn.end;
      if (stopped.aborted) return;
    }
    onHung();
  }
}

/** A stretch of time that a request may take, and that passes in any case unless stopped. */
function aTurn(ms: number, stopped: AbortSignal): { over: AbortSignal; end: Promise<void> } {
  const over = new AbortController();
  const end = new Promise<void>((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      stopped.removeEventListener("abort", finish);
      over.abort();
      resolve();
    };
    const timer = setTimeout(finish, ms);
    stopped.addEventListener("abort", finish);
  });
  return { over: over.signal, end };
}
