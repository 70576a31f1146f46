import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { StreamConfigInput } from "../stream/config.ts";

interface Page {
  generation: string;
  status: string;
  last_seq: number;
  next_seq: number;
  rows: { seq: number; event: string; data: unknown }[];
}

export interface Fixture {
  name: string;
  job_id: string;
  config: StreamConfigInput;
  wire: string;
  pages: Page[];
  messages: { key: string; stream_type: string }[];
  final_status: string;
}

const folder = join(import.meta.dirname, "../../../fixtures");

/** Every recorded stream. */
export function loadFixtures(): Fixture[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json") && name !== "stream-kinds.json")
    .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Fixture);
}

/** The kinds of rows that the recordings hold; the Python SDK checks its table by the same list. */
export function loadStreamKinds(): unknown {
  return JSON.parse(readFileSync(join(folder, "stream-kinds.json"), "utf8"));
}

export interface FixtureServer {
  fetch: typeof fetch;
  /** Requested paths, with their queries. */
  requests: string[];
}

/**
 * Serves a recorded stream: a part of its wire per connection, cut into chunks by `chunked`, and its
 * pages one by one. `noStream` responds with 404 instead of the live stream.
 */
export function serveFixture(
  fixture: Fixture,
  chunked: (bytes: Uint8Array) => Uint8Array[] = (bytes) => [bytes],
  { noStream = false } = {},
): FixtureServer {
  const parts = fixture.wire.split(/(?=^event: connected$)/m);
  const requests: string[] = [];
  let part = 0;
  let page = 0;
  const coming = <T>(list: T[], at: number): T => {
    const item = list[Math.min(at, list.length - 1)];
    if (item === undefined) throw new Error(`${fixture.name} is empty`);
    return item;
  };
  const job = () => {
    const [, streamed] = /"generation":"(\w+)"/.exec(coming(parts, part)) ?? [];
    const { generation: polled, last_seq } = coming(fixture.pages, page);
    const polling = page > 0 || noStream;
    const over = polling ? page >= fixture.pages.length : part >= parts.length;
    return {
      id: fixture.job_id,
      generation: polling ? polled : streamed,
      status: over ? fixture.final_status : "running",
      last_seq: over ? (fixture.pages.at(-1)?.last_seq ?? 0) : last_seq,
    };
  };
  const answer = (path: string): Response => {
    if (path.endsWith("/stream")) {
      if (noStream) return new Response("nothing here", { status: 404 });
      const text = coming(parts, part);
      part += 1;
      return new Response(bodyOf(chunked(new TextEncoder().encode(text))), {
        headers: { "content-type": "text/event-stream; charset=utf-8" },
      });
    }
    if (!path.endsWith("/rows")) return Response.json(job());
    const reply = coming(fixture.pages, page);
    page += 1;
    return Response.json(reply);
  };
  return {
    requests,
    fetch: async (input) => {
      const url = new URL(String(input));
      requests.push(url.pathname + url.search);
      return answer(url.pathname);
    },
  };
}

function bodyOf(chunks: Uint8Array[]): ReadableStream<Uint8Array> {
  const waiting = [...chunks];
  return new ReadableStream({
    pull(controller) {
      const chunk = waiting.shift();
      if (chunk) controller.enqueue(chunk);
      else controller.close();
    },
  });
}

/** Bytes cut at some positions, which may lie within a character. */
export function cutAt(bytes: Uint8Array, places: number[]): Uint8Array[] {
  const edges = [...new Set([0, ...places.map((place) => place % bytes.length), bytes.length])];
  edges.sort((a, b) => a - b);
  return edges.slice(1).map((end, index) => bytes.slice(edges[index], end));
}
