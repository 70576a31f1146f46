import { describe, expect, it, vi } from "vitest";
import { limits } from "../source/feed.ts";
import { SendQueue } from "./send-queue.ts";

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
  return { queue: new SendQueue({ now: () => 0, onClosed }), onClosed };
}

describe("an queue that is piped", () => {
  it("lets the caller go at once and writes what waited and what comes", async () => {
    const { queue, onClosed } = setup();
    const { stream, got, ends } = socket();
    queue.push([bytes("a")]);
    queue.push([bytes("b")]);
    await queue.stream.pipeTo(stream);
    await settle();
    queue.push([bytes("c")]);
    await settle();
    expect(got).toEqual(["a", "b", "c"]);
    expect(queue.unreadBytes).toBe(0);
    expect(ends).toEqual([]);
    expect(onClosed).not.toHaveBeenCalled();
  });

  it("closes after everything has been written", async () => {
    const { queue, onClosed } = setup();
    const { stream, got, ends } = socket();
    for (const text of ["a", "b"]) queue.push([bytes(text)]);
    queue.end();
    await queue.stream.pipeTo(stream);
    await settle();
    expect(got).toEqual(["a", "b"]);
    expect(ends).toEqual(["closed"]);
    expect(onClosed).toHaveBeenCalledTimes(1);
  });

  it("counts what the socket does not take, and cuts a reader off beyond the limit", async () => {
    const { queue, onClosed } = setup();
    const { stream, got, ends, take } = socket({ takes: false });
    await queue.stream.pipeTo(stream);
    await settle();
    queue.push([bytes("first")]);
    const half = new Uint8Array(limits.unreadBytes / 2);
    for (let n = 0; n < 3; n += 1) queue.push([half]);
    expect(queue.unreadBytes).toBe(3 * half.byteLength);
    queue.push([half]);
    expect(queue.open).toBe(false);
    expect(onClosed).toHaveBeenCalledTimes(1);
    take();
    await settle();
    expect(got).toEqual(["first"]);
    expect(ends).toEqual(["AbortError: stream aborted: slow_reader"]);
  });

  it("closes when the client has disconnected", async () => {
    const { queue, onClosed } = setup();
    const connection = new AbortController();
    await queue.stream.pipeTo(socket().stream, { signal: connection.signal });
    expect(onClosed).not.toHaveBeenCalled();
    connection.abort();
    expect(onClosed).toHaveBeenCalledTimes(1);
    queue.push([bytes("late")]);
    expect(queue.unreadBytes).toBe(0);
  });

  it("is over when a write fails", async () => {
    const { queue, onClosed } = setup();
    const broken = new WritableStream<Uint8Array>({
      write: () => Promise.reject(new Error("EPIPE")),
    });
    await queue.stream.pipeTo(broken);
    queue.push([bytes("a")]);
    await settle();
    expect(onClosed).toHaveBeenCalledTimes(1);
  });

  it("breaks the connection when it was aborted before", async () => {
    const { queue } = setup();
    const { stream, ends } = socket();
    queue.abort("disconnected");
    await queue.stream.pipeTo(stream);
    await settle();
    expect(ends).toEqual(["AbortError: stream aborted: disconnected"]);
  });
});

it("is an ordinary stream to whoever reads it in another way", async () => {
  const { queue, onClosed } = setup();
  queue.push([bytes("a")]);
  const reader = queue.stream.getReader();
  expect(await reader.read()).toEqual({ done: false, value: bytes("a") });
  const next = reader.read();
  queue.push([bytes("b")]);
  expect((await next).value).toEqual(bytes("b"));
  await reader.cancel();
  expect(onClosed).toHaveBeenCalledTimes(1);
});
