import { expect } from "vitest";
import { repliesOf } from "../../lib/server/openapi/operation.ts";
import type { Handler } from "./router.ts";

/** Asserts that a successful reply matches the API description of its route, field by field. */
export function expectDocumentedReply(
  { description }: Handler,
  route: string,
  reply: { status: number; headers: Headers; body: unknown },
): void {
  if (reply.status >= 400) return;
  if (reply.headers.get("content-type")?.startsWith("text/event-stream")) {
    expect(description.frames, `${route} does not document its frames`).toBeDefined();
    return;
  }
  if (description.mayEnd && reply.status === 204) {
    expect(reply.body).toBe("");
    return;
  }
  if (description.text) {
    expect(reply.headers.get("content-type")).toBe(description.text);
    return;
  }
  const schema = new Map(repliesOf(description)).get(String(reply.status));
  if (!schema) throw new Error(`${route} does not document its reply of ${reply.status}`);
  const parsed = schema.safeParse(reply.body);
  expect(parsed.error, `${route} answers differently from its description`).toBeUndefined();
  // Parsing drops fields that the schema does not have.
  expect(parsed.data, `${route} answers with undocumented fields`).toEqual(reply.body);
}
