import { expect } from "vitest";
import { repliesOf } from "../../lib/server/openapi/operation.ts";
import type { Handler } from "./router.ts";

/** Asserts that a good reply is what the API description tells of its route, field by field. */
export function expectToldReply(
  { description }: Handler,
  route: string,
  reply: { status: number; headers: Headers; body: unknown },
): void {
  if (reply.status >= 400) return;
  if (reply.headers.get("content-type")?.startsWith("text/event-stream")) {
    expect(description.frames, `${route} does not tell its frames`).toBeDefined();
    return;
  }
  if (description.text) {
    expect(reply.headers.get("content-type")).toBe(description.text);
    return;
  }
  const schema = new Map(repliesOf(description)).get(String(reply.status));
  if (!schema) throw new Error(`${route} does not tell its reply of ${reply.status}`);
  const parsed = schema.safeParse(reply.body);
  expect(parsed.error, `${route} answers otherwise than it tells`).toBeUndefined();
  // Parsing drops what the schema does not know.
  expect(parsed.data, `${route} answers with fields that it does not tell`).toEqual(reply.body);
}
