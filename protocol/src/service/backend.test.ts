import { describe, expect, it } from "vitest";
import { backendCommandBodySchema, backendStartBodySchema } from "./backend.ts";

const start = {
  job_id: "run-1",
  kind: "sft",
  dashboard_url: "http://127.0.0.1:3000",
  job_token: "secret",
};

describe("a request to start a job", () => {
  it("fills in an empty configuration and the first attempt", () => {
    expect(backendStartBodySchema.parse(start)).toEqual({ ...start, config: {}, attempt: 1 });
  });

  it.each([
    ["an unknown field", { colour: "red" }],
    ["a job id with a slash", { job_id: "../x" }],
    ["an address that is not http", { dashboard_url: "file:///etc/passwd" }],
    ["attempt zero", { attempt: 0 }],
  ])("refuses %s", (_, change) => {
    expect(backendStartBodySchema.safeParse({ ...start, ...change }).success).toBe(false);
  });
});

describe("a command", () => {
  it("takes cancel as stop", () => {
    expect(backendCommandBodySchema.parse({ id: "c", type: "cancel" })).toEqual({
      id: "c",
      type: "stop",
      args: {},
    });
  });

  it("refuses a type that nobody knows", () => {
    expect(backendCommandBodySchema.safeParse({ id: "c", type: "explode" }).success).toBe(false);
  });
});
