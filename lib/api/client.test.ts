import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { apiFetch, toQuery } from "./client.ts";
import { ApiError, describeError, fieldErrors } from "./errors.ts";

const schema = z.object({ ok: z.boolean() });
const replying = (body: BodyInit | null, init: ResponseInit = {}) =>
  vi.fn<typeof fetch>(async () => new Response(body, init));
const caught = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error) => error);

describe("apiFetch", () => {
  test("sends JSON and gives the parsed reply, without what the schema does not know", async () => {
    const fetch = replying(JSON.stringify({ ok: true, extra: 1 }));
    const reply = await apiFetch("/api/x", { schema, method: "POST", body: { a: 1 }, fetch });
    expect(reply).toEqual({ ok: true });
    const [url, init] = fetch.mock.calls[0] ?? [];
    expect(url).toBe("/api/x");
    expect(init?.body).toBe('{"a":1}');
    expect(new Headers(init?.headers).get("content-type")).toBe("application/json");
  });

  test("throws the server's refusal with code, request id and the seconds to wait", async () => {
    const body = { error: { code: "rate_limited", message: "Slowly.", request_id: "req_1" } };
    const fetch = replying(JSON.stringify(body), { status: 429, headers: { "retry-after": "7" } });
    const error = await caught(apiFetch("/api/x", { schema, fetch }));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ code: "rate_limited", status: 429, retryAfter: 7 });
    expect(describeError(error)).toEqual({ message: "Slowly.", requestId: "req_1" });
  });

  test("makes an error of a proxy's page too", async () => {
    const fetch = replying("<h1>Bad Gateway</h1>", { status: 502, statusText: "Bad Gateway" });
    const error = await caught(apiFetch("/api/x", { schema, fetch }));
    expect(error).toMatchObject({
      code: "internal",
      message: "The server returned 502 Bad Gateway",
    });
  });

  test("distinguishes an unreachable server from an abort", async () => {
    const down = vi.fn<typeof fetch>(async () => Promise.reject(new TypeError("failed")));
    expect(await caught(apiFetch("/api/x", { schema, fetch: down }))).toMatchObject({
      code: "unreachable",
      status: 0,
    });
    const aborted = vi.fn<typeof fetch>(async () =>
      Promise.reject(new DOMException("gone", "AbortError")),
    );
    expect(await caught(apiFetch("/api/x", { schema, fetch: aborted }))).toMatchObject({
      name: "AbortError",
    });
  });

  test("rejects a reply of another shape", async () => {
    const error = await caught(apiFetch("/api/x", { schema, fetch: replying('{"ok":"yes"}') }));
    expect(error).toMatchObject({ code: "unexpected_reply" });
  });
});

describe("toQuery", () => {
  test("leaves out what is not set and joins lists", () => {
    expect(toQuery({ limit: 5, q: "", status: ["a", "b"], tag: [], x: null })).toBe(
      "?limit=5&status=a%2Cb",
    );
    expect(toQuery({ q: undefined })).toBe("");
  });
});

describe("fieldErrors", () => {
  const refused = (details: unknown) =>
    new ApiError({ code: "unsupported", message: "No.", status: 422, details });

  test("reads issues by path, by field, and a record; the first message of a field counts", () => {
    expect(
      fieldErrors(
        refused({
          issues: [
            { path: "config.width", message: "Too small." },
            { path: ["config", "width"], message: "Later." },
          ],
        }),
      ),
    ).toEqual({ "config.width": "Too small." });
    expect(fieldErrors(refused([{ field: "lr", message: "Too high." }]))).toEqual({
      lr: "Too high.",
    });
    expect(fieldErrors(refused({ fields: { name: ["Taken."] } }))).toEqual({ name: "Taken." });
    expect(fieldErrors(new Error("x"))).toEqual({});
  });
});
