import { describe, expect, it, vi } from "vitest";
import { limits } from "../source/feed.ts";
import { Outbox } from "./send-queue.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** A destination like the web server's: a write lasts until the socket takes it. */
function socket({ takes = true } = {}) {
  const got: string[] = [];
  const ends: string[] = [];
  let take = () => {};
  const stream = new WritableStream<Uint8Array>({
    async write(chunk) {
      got.push(new TextDecoder().decode(chunk));
      if (!takes) await new Promise<void>((resolve) => (take = resolve));
    },
    close: () => void ends.push("closed"),
    abort: (reason) => void ends.push(String(reason)),
  });
  return { stream, got, ends, take: () => take() };
}

function setup() {
  const onClosed = vi.fn();
  return { outbox: new Outbox(() => 0, onClosed), onClosed };
}

describe("an outbox that is piped", () => {
  it("lets the caller go at once and writes what waited and what comes", async () => {
    const { outbox, onClosed } = setup();
    const { stream, got, ends } = socket();
    outbox.push(bytes("a"));
    outbox.push(bytes("b"));
    await outbox.stream.pipeTo(stream);
    await settle();
    outbox.push(bytes("c"));
    await settle();
    expect(got).toEqual(["a", "b", "c"]);
    expect(outbox.unreadBytes).toBe(0);
    expect(ends).toEqual([]);
    expect(onClosed).not.toHaveBeenCalled();
  });

  it("closes after everything has been written", async () => {
    const { outbox, onClosed } = setup();
    const { stream, got, ends } = socket();
    for (const text of ["a", "b"]) outbox.push(bytes(text));
    outbox.end();
    await outbox.stream.pipeTo(stream);
    await settle();
    expect(got).toEqual(["a", "b"]);
    expect(ends).toEqual(["closed"]);
    expect(onClosed).toHaveBeenCalledTimes(1);
  });

  it("counts what the socket does not take, and cuts a reader off beyond the limit", async () => {
    const { outbox, onClosed } = setup();
    const { stream, got, ends, take } = socket({ takes: false });
    await outbox.stream.pipeTo(stream);
    await settle();
    outbox.push(bytes("first"));
    const half = new Uint8Array(limits.unreadBytes / 2);
    for (let n = 0; n < 3; n += 1) outbox.push(half);
    expect(outbox.unreadBytes).toBe(3 * half.byteLength);
    outbox.push(half);
    expect(outbox.open).toBe(false);
    expect(onClosed).toHaveBeenCalledTimes(1);
    take();
    await settle();
    expect(got).toEqual(["first"]);
    expect(ends).toEqual(["AbortError: stream cut: slow_reader"]);
  });

  it("is over when the client has gone", async () => {
    const { outbox, onClosed } = setup();
    const connection = new AbortController();
    await outbox.stream.pipeTo(socket().stream, { signal: connection.signal });
    expect(onClosed).not.toHaveBeenCalled();
    connection.abort();
    expect(onClosed).toHaveBeenCalledTimes(1);
    outbox.push(bytes("late"));
    expect(outbox.unreadBytes).toBe(0);
  });

  it("is over when a write fails", async () => {
    const { outbox, onClosed } = setup();
    const broken = new WritableStream<Uint8Array>({
      write: () => Promise.reject(new Error("EPIPE")),
    });
    await outbox.stream.pipeTo(broken);
    outbox.push(bytes("a"));
    await settle();
    expect(onClosed).toHaveBeenCalledTimes(1);
  });

  it("breaks the connection when it was cut before", async () => {
    const { outbox } = setup();
    const { stream, ends } = socket();
    outbox.cut("gone");
    await outbox.stream.pipeTo(stream);
    await settle();
    expect(ends).toEqual(["AbortError: stream cut: gone"]);
  });
});

it("is an ordinary stream to whoever reads it in another way", async () => {
  const { outbox, onClosed } = setup();
  outbox.push(bytes("a"));
  const reader = outbox.stream.getReader();
  expect(await reader.read()).toEqual({ done: false, value: bytes("a") });
  const next = reader.read();
  outbox.push(bytes("b"));
  expect((await next).value).toEqual(bytes("b"));
  await reader.cancel();
  expect(onClosed).toHaveBeenCalledTimes(1);
});
