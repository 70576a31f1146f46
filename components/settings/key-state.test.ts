import type { ApiKey } from "@signalbox/protocol/data/read";
import { describe, expect, test } from "vitest";
import { keyState, sortKeys } from "./key-state.ts";

const now = Date.parse("2026-11-20T12:00:00Z");
const key = (id: string, fields: Partial<ApiKey> = {}): ApiKey => ({
  id,
  name: id,
  prefix: "sbx_abcd",
  scopes: ["read"],
  created_at: "2026-11-01T00:00:00Z",
  expires_at: null,
  last_used_at: null,
  revoked_at: null,
  ...fields,
});

describe("keyState", () => {
  test("distinguishes active, soon expiring, expired and revoked keys", () => {
    expect(keyState(key("a"), now)).toBe("active");
    expect(keyState(key("a", { expires_at: "2026-12-20T00:00:00Z" }), now)).toBe("active");
    expect(keyState(key("a", { expires_at: "2026-11-22T00:00:00Z" }), now)).toBe("expiring");
    expect(keyState(key("a", { expires_at: "2026-11-20T12:00:00Z" }), now)).toBe("expired");
    expect(keyState(key("a", { revoked_at: "2026-11-02T00:00:00Z" }), now)).toBe("revoked");
  });
});

describe("sortKeys", () => {
  test("lists working keys first, newest first", () => {
    const keys = [
      key("revoked", { revoked_at: "2026-11-02T00:00:00Z", created_at: "2026-11-19T00:00:00Z" }),
      key("old", { created_at: "2026-10-01T00:00:00Z" }),
      key("new", { created_at: "2026-11-18T00:00:00Z" }),
    ];
    expect(sortKeys(keys, now).map(({ id }) => id)).toEqual(["new", "old", "revoked"]);
  });
});
