import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AttachedJob, startApi, type TestApi } from "./kit.ts";

describe.each(["pglite", "postgres"] as const)("two users' trainers, on %s", (engine) => {
  let api: TestApi;
  let a: AttachedJob;
  let b: AttachedJob;

  beforeAll(async () => {
    api = await startApi({ engine });
    a = await api.attach(await api.signUp("a"), "small");
    b = await api.attach(await api.signUp("b"), "large");
    await post(a, 1, 0);
    await post(b, 1, 0);
  });
  afterAll(() => api.close());

  async function post({ id, token }: AttachedJob, count: number, first: number): Promise<number> {
    const points = Array.from({ length: count }, (_, index) => ({
      name: `s/${index % 20}`,
      step: first + index,
      value: index,
    }));
    const json = { job_id: id, points };
    const path = "/api/training/local/metrics";
    return (await api.call("POST", path, { bearer: token, json })).status;
  }

  it("take turns: small batches pass another user's flood of large ones", async () => {
    const answered: number[] = [];
    let first = () => {};
    const begun = new Promise<void>((resolve) => {
      first = resolve;
    });
    const flood = Array.from({ length: 24 }, async (_, index) => {
      answered.push(await post(b, 1_500, 1 + index * 1_500));
      first();
    });
    await begun;
    for (let step = 1; step <= 3; step += 1) {
      const before = answered.length;
      expect(await post(a, 1, step)).toBe(200);
      expect(answered.length - before).toBeLessThan(5);
    }
    expect(answered.length).toBeLessThan(18);
    await Promise.all(flood);
    expect(new Set(answered)).toEqual(new Set([200]));
  });
});
