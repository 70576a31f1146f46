import { sleep } from "@signalbox/protocol/time/sleep";
import { isJsonObject } from "@signalbox/protocol/wire/json";
import { UnexpectedReplyError } from "../errors.ts";
import { learningPath } from "../resources/paths.ts";
import { isTerminal } from "../types.ts";
import type { JournalRow } from "./message.ts";
import { type Cursor, type Delivery, type SourceContext, withRetries } from "./rows.ts";

interface RowsPage {
  generation: string;
  status: string;
  last_seq: number;
  rows: JournalRow[];
  next_seq: number;
}

/**
 * Rows after a cursor by polling: at once while there are more, else every `intervalMs`, or after
 * `wait`, which may yield rows of its own. Ends after `reset` or `end`; throws only errors that another attempt would not change.
 */
export async function* pollRows(
  context: SourceContext,
  cursor: Cursor,
  wait?: (seq: number) => AsyncGenerator<Delivery>,
): AsyncGenerator<Delivery> {
  const { http, jobId, signal, pageSize, intervalMs } = context;
  let seq = cursor.seq;
  for (;;) {
    const page = await withRetries(context, async () =>
      readPage(
        await http.json("GET", learningPath(jobId, "/rows"), {
          query: { since_seq: seq, limit: pageSize },
          signal,
          repeat: "never",
        }),
      ),
    );
    if (page.generation !== cursor.generation || page.last_seq < seq) {
      yield { kind: "reset" };
      return;
    }
    const moved = page.next_seq > seq;
    if (moved) {
      seq = page.next_seq;
      yield { kind: "rows", rows: page.rows, seq };
    }
    // The status was read before the rows: if it is terminal, no earlier row is missing.
    if (seq >= page.last_seq && isTerminal(page.status)) {
      yield { kind: "end" };
      return;
    }
    if (moved && seq < page.last_seq) continue;
    if (wait) yield* wait(seq);
    else await sleep(http.clock, intervalMs, signal);
  }
}

function readPage(reply: unknown): RowsPage {
  if (isRowsPage(reply)) return reply;
  throw new UnexpectedReplyError({
    code: "unexpected_reply",
    message: "The server's page of rows has a shape that this version does not know.",
  });
}

function isRowsPage(reply: unknown): reply is RowsPage {
  return (
    isJsonObject(reply) &&
    typeof reply.generation === "string" &&
    typeof reply.status === "string" &&
    Number.isSafeInteger(reply.last_seq) &&
    Number.isSafeInteger(reply.next_seq) &&
    Array.isArray(reply.rows) &&
    reply.rows.every((row) => isJsonObject(row) && Number.isSafeInteger(row.seq))
  );
}
