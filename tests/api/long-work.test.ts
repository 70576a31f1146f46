import { monitorEventLoopDelay } from "node:perf_hooks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { predictionQuality } from "../../lib/quality/prediction-quality.ts";
import { type JobDriver, startWithOwner } from "./job-driver.ts";
import { expectRefusal, type TestApi } from "./kit.ts";

let api: TestApi;
let key: string;
let act: JobDriver;

beforeAll(async () => {
  ({ api, key, act } = await startWithOwner({ engine: "pglite" }));
});
afterAll(() => api.close());

const path = "/api/training/local/predictions";
/** Texts without a common beginning or end, as long as the budget of a batch allows. */
const said = "ab".repeat(23_000);
const truth = "cd".repeat(23_000);
const batch = (job_id: string) => ({
  job_id,
  predictions: [
    { epoch: 1, step: 1, sample_index: 0, prompt: "p", prediction: said, ground_truth: truth },
  ],
});

function hasThreads(): boolean {
  const host = globalThis as { [key: symbol]: Map<string, unknown> | undefined };
  return host[Symbol.for("signalbox.singletons")]?.has("quality-pool") ?? false;
}

describe("work that takes long", () => {
  it("is not begun for somebody else's run, nor for a token that is not the run's", async () => {
    const other = await api.signUp("other");
    const otherKey = await api.makeKey(other);
    const id = await act.attach();
    const own = await api.attach(other, "own");
    for (const credential of [{ key: otherKey }, { bearer: own.token }]) {
      const foreign = await api.call("POST", path, { ...credential, json: batch(id) });
      const missing = await api.call("POST", path, { ...credential, json: batch("missing") });
      expectRefusal(foreign, 404);
      expect(foreign.text.replace(/req_\w+/, "")).toBe(missing.text.replace(/req_\w+/, ""));
    }
    expect(hasThreads()).toBe(false);
  });

  it("reads no large body for somebody else's run", async () => {
    const other = await api.signUp("reader");
    const otherKey = await api.makeKey(other);
    const id = await act.attach();
    for (const kind of ["logs", "events", "metrics"]) {
      let pulled = 0;
      const body = new ReadableStream<Uint8Array>(
        {
          pull(controller) {
            pulled += 1;
            controller.enqueue(new Uint8Array(1024).fill(0x20));
          },
        },
        { highWaterMark: 0 },
      );
      const method = kind === "metrics" ? "PUT" : "POST";
      const reply = await api.call(method, act.local(id, kind), { key: otherKey, body });
      expectRefusal(reply, 404);
      expect(pulled).toBe(0);
    }
  });

  it("leaves the web server's thread to others: texts are compared beside it", async () => {
    const started = performance.now();
    const expected = predictionQuality(said, truth);
    const alone = performance.now() - started;

    const id = await act.attach();
    // The thread starts before it is measured.
    expect((await act.post(path, batch(id))).status).toBe(200);
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const reply = await act.post(path, {
      ...batch(id),
      predictions: batch(id).predictions.map((row) => ({ ...row, epoch: 2 })),
    });
    delay.disable();
    expect(reply.status, reply.text).toBe(200);
    expect(delay.max / 1e6).toBeLessThan(alone * 0.7);

    const read = await api.call("GET", `/api/training/predictions/${id}?epoch=2`, { key });
    const { predictions } = read.body as { predictions: object[] };
    expect(predictions).toMatchObject([expected]);
  });

  it("waits for its own user's alone, and is refused with a time to try again when there is too much", async () => {
    const id = await act.attach();
    const replies = await Promise.all(
      Array.from({ length: 24 }, (_, epoch) => {
        const short = said.slice(0, 12_000);
        const row = { epoch, step: 1, sample_index: 0, prompt: "p", prediction: short };
        const json = {
          job_id: id,
          predictions: [{ ...row, ground_truth: truth.slice(0, 12_000) }],
        };
        return api.call("POST", path, { key, json });
      }),
    );
    const refused = replies.filter(({ status }) => status === 429);
    expect(replies.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(20);
    for (const reply of refused) expect(reply.headers.get("retry-after")).toBe("5");
  }, 60_000);
});
