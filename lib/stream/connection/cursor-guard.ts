import { parseCursor } from "@signalbox/protocol/stream/cursor";
import type { ServerEvent } from "@signalbox/protocol/stream/event-source";

/**
 * Which seqs a stream sends: `every` = each has a frame (`full=1`), `merged` = metrics frames may span
 * several, `any` = some are filtered out, or frames have no ids.
 */
export type Sequence = "every" | "merged" | "any";

export type Verdict = "accept" | "duplicate" | "gap";

/** The part of a message that the cursor depends on. */
type Positioned = Pick<ServerEvent, "event" | "id">;

/** Keeps the cursor of a stream, of one run or of several. */
export interface StreamGuard {
  /** Where the stream resumes; null: from a snapshot. */
  readonly cursor: string | null;
  /** Checks a message before it is processed. */
  check(message: ServerEvent): Verdict;
  /** Moves the cursor on, after a message has been processed. */
  commit(message: ServerEvent): void;
  /** Whether nothing follows a message that was just committed. */
  endsStream(message: ServerEvent): boolean;
}

/**
 * Keeps a stream's cursor, so that no row is processed twice and none is missed. A gap that persists
 * after a reconnection is in the data (rows were deleted) and is accepted.
 */
export class CursorGuard implements StreamGuard {
  readonly #sequence: Sequence;
  #cursor: string | null;
  #gapBefore: string | null = null;

  constructor(sequence: Sequence, after: string | null) {
    this.#sequence = sequence;
    this.#cursor = after;
  }

  get cursor(): string | null {
    return this.#cursor;
  }

  /** Checks a message by its id, before it is processed. */
  check({ event, id }: Positioned): Verdict {
    const at = id === null ? null : parseCursor(id);
    const before = this.#cursor === null ? null : parseCursor(this.#cursor);
    if (!at || !before || event === "snapshot" || at.generation !== before.generation) {
      return "accept";
    }
    if (at.seq <= before.seq) return event === "heartbeat" ? "accept" : "duplicate";
    if (!this.#leavesGap(event, at.seq - before.seq)) return "accept";
    if (this.#gapBefore === this.#cursor) return "accept";
    this.#gapBefore = this.#cursor;
    return "gap";
  }

  /** Moves the cursor on, after a message has been processed. */
  commit({ event, id }: Positioned): void {
    if (event === "reset") this.#cursor = null;
    else if (id !== null && parseCursor(id) && !this.#isBehind(id)) this.#cursor = id;
  }

  endsStream({ event }: Positioned): boolean {
    return event === "end";
  }

  #isBehind(id: string): boolean {
    const at = parseCursor(id);
    const before = this.#cursor === null ? null : parseCursor(this.#cursor);
    return at?.generation === before?.generation && (at?.seq ?? 0) < (before?.seq ?? 0);
  }

  #leavesGap(event: string, distance: number): boolean {
    if (this.#sequence === "any") return false;
    // A heartbeat's id says that every row up to it was sent: it carries no row of its own.
    if (event === "heartbeat") return distance > 0;
    return distance > 1 && (this.#sequence === "every" || event !== "metrics");
  }
}
