import type { ServerEvent } from "@signalbox/protocol/stream/event-source";
import {
  formatRunsCursor,
  parseRunEnvelope,
  parseRunsCursor,
} from "@signalbox/protocol/stream/runs-stream";
import { parseJson } from "@signalbox/protocol/wire/json";
import { CursorGuard, type Sequence, type StreamGuard, type Verdict } from "./cursor-guard.ts";

/** The cursors of a stream of several runs: each run is guarded as its own stream would be. */
export class RunsCursorGuard implements StreamGuard {
  readonly #guards: ReadonlyMap<string, CursorGuard>;
  /** Runs that have ended or were deleted. */
  readonly #over = new Set<string>();

  /** `after`: the runs, each with the cursor to resume from; null begins with a snapshot. */
  constructor(sequence: Sequence, after: ReadonlyMap<string, string | null>) {
    this.#guards = new Map(
      [...after].map(([run, cursor]) => [run, new CursorGuard(sequence, cursor)]),
    );
  }

  get cursor(): string | null {
    const cursors = [...this.#guards].flatMap(([run, { cursor }]) =>
      cursor === null ? [] : [[run, cursor] as const],
    );
    return formatRunsCursor(cursors) || null;
  }

  cursorOf(run: string): string | null {
    return this.#guards.get(run)?.cursor ?? null;
  }

  isOver(run: string): boolean {
    return this.#over.has(run);
  }

  check(message: ServerEvent): Verdict {
    const verdicts = this.#perRun(message).map(({ guard, ...own }) => guard.check(own));
    return verdicts.find((verdict) => verdict !== "accept") ?? "accept";
  }

  commit(message: ServerEvent): void {
    for (const { run, guard, ...own } of this.#perRun(message)) {
      guard.commit(own);
      if (message.event === "end" || message.event === "removed") this.#over.add(run);
    }
  }

  endsStream(): boolean {
    return [...this.#guards.keys()].every((run) => this.#over.has(run));
  }

  /** What a message means to each run: a heartbeat carries a cursor for several. */
  #perRun({ event, id, data }: ServerEvent) {
    const own = (run: string, cursor: string | null) => {
      const guard = this.#guards.get(run);
      return guard ? [{ run, guard, event, id: cursor }] : [];
    };
    if (event === "heartbeat") {
      const cursors = id === null ? null : parseRunsCursor(id);
      return [...(cursors ?? [])].flatMap(([run, cursor]) => own(run, cursor));
    }
    const envelope = parseRunEnvelope(parseJson(data));
    return envelope ? own(envelope.run, envelope.cursor ?? null) : [];
  }
}
