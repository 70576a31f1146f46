import { describe, expect, it } from "vitest";
import { SignalboxClient } from "../client.ts";
import { findScopes } from "./probe.ts";
import { clockSkew, openStream } from "./server-checks.ts";

const settings = { baseUrl: "http://signalbox.test", apiKey: "sbx_key" };
const calm = new AbortController().signal;
const error = (status: number, code: string) =>
  Response.json({ error: { code, message: code, request_id: "r" } }, { status });

describe("the clock", () => {
  const at = Date.parse("2026-11-20T12:00:00Z");
  const skew = (date: string | null, now: number) =>
    clockSkew(settings, calm, {
      now: () => now,
      fetch: async () => new Response("{}", { headers: date === null ? {} : { date } }),
    });

  it("is compared with the middle of the second that the server names", async () => {
    const date = new Date(at).toUTCString();
    expect(await skew(date, at + 500)).toBe(0);
    expect(await skew(date, at + 60_500)).toBe(60);
    expect(await skew(date, at - 29_500)).toBe(-30);
  });

  it("is not judged where the server does not say the time", async () => {
    expect(await skew(null, at)).toBeNull();
    expect(await skew("yesterday", at)).toBeNull();
  });
});

describe("the live stream", () => {
  const events = { "content-type": "text/event-stream; charset=utf-8" };
  const open = (response: Response) => openStream(settings, calm, { fetch: async () => response });

  it("is good once a frame has come", async () => {
    const response = new Response("event: connected\n\n", { headers: events });
    expect(await open(response)).toBeGreaterThanOrEqual(0);
  });

  it.each([
    ["a refusal", error(401, "unauthorized"), "answered 401"],
    [
      "a page",
      new Response("<html>", { headers: { "content-type": "text/html" } }),
      "sent text/html",
    ],
    ["nothing", new Response("", { headers: events }), "ended before its first frame"],
  ])("says that %s came instead", async (_what, response, says) => {
    await expect(open(response)).rejects.toThrow(says);
  });

  /** A server that never answers; the request ends with its signal. */
  const mute: typeof fetch = (_input, init) =>
    new Promise((_resolve, reject) => {
      init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
    });

  it("is given up when nothing comes", async () => {
    const waiting = openStream(settings, calm, { fetch: mute, timeoutMs: 20 });
    await expect(waiting).rejects.toThrow("A proxy may be buffering");
  });

  it("ends at once when the program is interrupted", async () => {
    const controller = new AbortController();
    const waiting = openStream(settings, controller.signal, { fetch: mute });
    controller.abort(new Error("interrupted"));
    await expect(waiting).rejects.toThrow("interrupted");
  });
});

describe("a key's scopes", () => {
  const scopesOf = (allowed: (path: string, method: string) => Response) =>
    findScopes(
      new SignalboxClient({
        ...settings,
        retries: 0,
        fetch: async (input, init) => allowed(new URL(String(input)).pathname, init?.method ?? ""),
      }),
      calm,
    );

  it("are found by requests that change nothing", async () => {
    const asked: string[] = [];
    const found = await scopesOf((path, method) => {
      asked.push(`${method} ${path}`);
      if (path.includes("api-keys")) return error(403, "forbidden");
      return method === "GET" ? Response.json({}) : error(400, "bad_request");
    });
    expect(found).toEqual(["read", "ingest", "control"]);
    expect(asked).toHaveLength(4);
  });

  it("are not guessed where something else is wrong", async () => {
    await expect(scopesOf(() => error(401, "unauthorized"))).rejects.toThrow("unauthorized");
    await expect(scopesOf(() => error(503, "backend_unavailable"))).rejects.toThrow("backend");
    const odd = (path: string) => (path.endsWith("jobs") ? error(400, "odd") : Response.json({}));
    await expect(scopesOf(odd)).rejects.toThrow("odd");
  });
});
