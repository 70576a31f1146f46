import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type JobDriver, startWithOwner } from "./job-driver.ts";
import type { TestApi } from "./kit.ts";

describe("a run's silence, by a database clock that was set", () => {
  let api: TestApi;
  let act: JobDriver;

  beforeAll(async () => {
    ({ api, act } = await startWithOwner());
  });
  afterAll(() => api.close());

  const reap = (expected: string) =>
    api.supabase.sql(`select reap_jobs('60 seconds', '24 hours', ${expected})`);
  const statusOf = async (id: string) => (await act.jobOf(id)).status;

  it("is not judged while the clock shows another time than expected", async () => {
    const id = await act.attach();
    await act.silence(id, "5 hours");
    await reap("clock_timestamp() - interval '5 hours'");
    expect(await statusOf(id)).toBe("running");
    await reap("clock_timestamp() + interval '5 hours'");
    expect(await statusOf(id)).toBe("running");
    await reap("clock_timestamp()");
    expect(await statusOf(id)).toBe("lost");
  });

  it("counts from the moment in which the clock was set back", async () => {
    const id = await act.attach();
    await act.silence(id, "-5 hours");
    await reap("clock_timestamp()");
    const [row] = await api.supabase.sql<{ silent: number }>(
      "select extract(epoch from clock_timestamp() - heartbeat_at)::float8 as silent from jobs where id = $1",
      [id],
    );
    expect(row?.silent).toBeGreaterThanOrEqual(0);
    expect(row?.silent).toBeLessThan(60);
  });
});
