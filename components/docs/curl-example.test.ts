import type { ApiOperation } from "@signalbox/protocol/service/openapi";
import { describe, expect, it } from "vitest";
import { curlExample } from "./curl-example.ts";

const operation = (more: Partial<ApiOperation> = {}): ApiOperation => ({
  operationId: "x",
  summary: "x",
  tags: [],
  security: [{ apiKey: [] }],
  responses: {},
  "x-scope": "read",
  ...more,
});

describe("a request to copy", () => {
  it("authenticates with a key, and takes the run from a variable", () => {
    expect(curlExample("/api/training/{id}", "get", operation())).toBe(
      'curl "$SIGNALBOX_URL/api/training/$RUN" \\\n  -H "X-API-Key: $SIGNALBOX_API_KEY"',
    );
  });

  it("quotes the example's body for a shell", () => {
    const content = { "application/json": { schema: {}, example: { notes: "it's" } } };
    const requestBody = { required: true, description: "", content };
    expect(curlExample("/api/training/{id}", "put", operation({ requestBody }))).toContain(
      `-X PUT \\\n  -H "X-API-Key: $SIGNALBOX_API_KEY" \\\n  -H "Content-Type: application/json" \\\n  -d '{"notes":"it'\\''s"}'`,
    );
  });

  it("shows a trainer's route with the job token, a public one with no credential", () => {
    const trainer = operation({ security: [{ jobToken: [] }, { apiKey: [] }] });
    expect(curlExample("/api/x", "post", trainer)).toContain("Bearer $JOB_TOKEN");
    expect(curlExample("/api/x", "post", operation({ security: [] }))).toBe(
      'curl "$SIGNALBOX_URL/api/x" \\\n  -X POST',
    );
  });

  it("fills in required parameters and does not buffer a stream", () => {
    const stream = operation({
      parameters: [
        { name: "runs", in: "query", required: true, schema: {} },
        { name: "q", in: "query", schema: {} },
      ],
      responses: { 200: { content: { "text/event-stream": { schema: {} } } } },
    });
    expect(curlExample("/api/x", "get", stream)).toContain(
      'curl -N "$SIGNALBOX_URL/api/x?runs=$RUN"',
    );
  });
});
