import { parseRunsCursor } from "@signalbox/protocol/stream/runs-stream";
import { jobIdSchema } from "@signalbox/protocol/wire/primitives";
import type { JobStreams, PreparedStream } from "../job/job-streams.ts";
import type { RunsViewer } from "./runs-viewer.ts";

interface PreparedRun {
  id: string;
  cursor: string | null;
  /** Null: the client's cursor names the run, but it is no longer there. */
  stream: PreparedStream | null;
}

/** Every run's cursor where the client's names none: each is reset. */
const malformed = "";

/** Streams of several runs. Each run is served by the channel that its own stream would use. */
export class RunsStreams {
  readonly #jobs: JobStreams;
  readonly #viewers = new Set<RunsViewer>();

  constructor(jobs: JobStreams) {
    this.#jobs = jobs;
  }

  /**
   * Reads all that can fail before a stream begins. Null: a run is not the user's, unless the
   * cursor shows that it once was there; `ended`: every run is over, and the cursor has every row.
   */
  async prepare(
    userId: string,
    ids: readonly string[],
    cursor: string | null,
  ): Promise<PreparedRun[] | "ended" | null> {
    const cursors = cursor === null ? new Map<string, string>() : parseRunsCursor(cursor);
    const runs = await Promise.all(
      [...new Set(ids)].map(async (id): Promise<PreparedRun> => {
        const own = cursors ? (cursors.get(id) ?? null) : malformed;
        const valid = jobIdSchema.safeParse(id).success;
        return {
          id,
          cursor: own,
          stream: valid ? await this.#jobs.prepare(userId, id, own) : null,
        };
      }),
    );
    const present = runs.flatMap(({ stream }) => stream ?? []);
    const known = ({ id, stream }: PreparedRun) => stream !== null || cursors?.has(id);
    if (present.length === 0 || !runs.every(known)) return null;
    return present.every(({ over }) => over) ? "ended" : runs;
  }

  /** Serves every run; the returned function leaves them all and may run twice. */
  attach(viewer: RunsViewer, prepared: readonly PreparedRun[]): () => void {
    this.#viewers.add(viewer);
    const streams = new Map(prepared.map(({ id, stream }) => [id, stream]));
    for (const run of viewer.runs) {
      const stream = streams.get(run.jobId);
      if (stream) this.#jobs.attach(run, stream);
      else run.remove();
    }
    return () => {
      this.#viewers.delete(viewer);
      for (const run of viewer.runs) run.channel?.leave(run);
    };
  }

  heartbeat(timestamp: string): void {
    for (const viewer of [...this.#viewers]) viewer.heartbeat(timestamp);
  }
}
