import { errorReplySchema } from "@signalbox/protocol/wire/error";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiDocument } from "../../app/api/openapi.json/document.ts";
import type { TestUser } from "../../supabase/local/testing.ts";
import { type CallOptions, startApi, type TestApi } from "../api/kit.ts";
import { callsOf, type FuzzedCall } from "./calls.ts";

const count = Number(process.env.SIGNALBOX_FUZZ_CALLS ?? 10_000);
/** The same calls each time, so that a change is not blamed for what it did not do. */
const seed = Number(process.env.SIGNALBOX_FUZZ_SEED ?? 11);
const atOnce = 8;

const runs = ["steady", "ended", "paused"];
const ofStranger = "job-of-a-stranger";

describe("calls made from the API description", () => {
  let api: TestApi;
  let owner: TestUser;
  let stranger: TestUser;
  const credentials = {} as Record<FuzzedCall["as"], CallOptions>;

  beforeAll(async () => {
    api = await startApi();
    [owner, stranger] = await Promise.all([api.signUp("owner"), api.signUp("stranger")]);
    await api.attach(stranger, ofStranger, { name: "foreign", tags: ["foreign"] });
    credentials.owner = { bearer: owner.accessToken };
    credentials.stranger = { bearer: stranger.accessToken };
    credentials.nobody = { bearer: "sbx_nobody" };
    await attachAll();
  });
  afterAll(() => api.close());

  /** Runs to name in the calls, also after some of them were deleted. */
  async function attachAll() {
    for (const id of runs) {
      const { token } = await api.attach(owner, id, { live_params: { learning_rate: {} } });
      credentials.trainer = { bearer: token };
      await api.call("POST", "/api/training/local/metrics", {
        bearer: token,
        json: { job_id: id, metrics: [{ step: 1, "train/loss": 1.5 }] },
      });
    }
    await api.call("POST", "/api/training/local/ended/status", {
      ...credentials.owner,
      json: { status: "succeeded" },
    });
  }

  /** What is wrong with the reply to a call; null: nothing. */
  async function faultOf({ method, path, as, json, streams }: FuzzedCall): Promise<string | null> {
    const options = { ...credentials[as], json };
    if (streams) {
      const response = await api.send(method, path, options);
      if (response.status < 400) {
        await response.body?.cancel();
        return null;
      }
      return faultIn(response.status, await response.json());
    }
    // Also compares the reply with its description.
    const { status, body } = await api.call(method, path, options);
    return status < 400 ? null : faultIn(status, body);
  }

  function faultIn(status: number, body: unknown): string | null {
    if (status >= 500) return `${status} ${JSON.stringify(body)}`;
    const { error } = errorReplySchema.strict().safeParse(body);
    return error ? `${status} with ${JSON.stringify(body)}` : null;
  }

  it(`answers ${count.toLocaleString("en-US")} of them as described, none with a fault of the server`, {
    timeout: 600_000,
  }, async () => {
    const calls = fc.sample(callsOf(apiDocument(), [...runs, ofStranger]), {
      numRuns: count,
      seed,
    });
    const faults: string[] = [];
    const next = calls.entries();
    const work = async () => {
      for (const [n, call] of next) {
        if (n % 500 === 499) await attachAll().catch(() => {});
        const fault = await faultOf(call).catch((error: unknown) => String(error));
        if (fault) {
          faults.push(
            `${call.method} ${call.path} as ${call.as} ${JSON.stringify(call.json)?.slice(0, 2_000)}\n→ ${fault.slice(0, 1_000)}`,
          );
        }
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    expect(faults.slice(0, 5).join("\n\n"), `${faults.length} faults`).toBe("");
  });

  it("left the stranger's data as it was, but for what the stranger did", async () => {
    const reply = await api.call("GET", `/api/training/${ofStranger}`, {
      bearer: owner.accessToken,
    });
    expect([200, 404]).toContain(reply.status);
    expect(reply.text).not.toContain("foreign");
  });
});
