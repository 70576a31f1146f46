import { jobSchema } from "@signalbox/protocol/job/job";
import { trainerQueueSchema } from "@signalbox/protocol/service/trainer-queue";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { dispatchUnclaimed } from "../../lib/server/jobs/monitor-jobs.ts";
import { type JobDriver, startWithOwner } from "./job-driver.ts";
import { expectRefusal, type TestApi } from "./kit.ts";

let api: TestApi;
let key: string;
let act: JobDriver;

beforeAll(async () => {
  ({ api, key, act } = await startWithOwner());
});
afterAll(() => api.close());
beforeEach(() => api.backend.forget());

/** Has the backend say that a user's jobs wait behind another user's. */
async function queueBehindAnother(ids: string[]) {
  const [row] = await api.supabase.sql<{ user_id: string }>("select user_id from jobs limit 1");
  const waiting = [
    { job_id: "theirs", owner: "another", attempt: 1 },
    ...ids.map((job_id) => ({ job_id, owner: row?.user_id, attempt: 1 })),
  ];
  const running = [{ job_id: "r", owner: "another" }];
  const body = { maximum: 2, maximum_per_user: 1, running, waiting };
  api.backend.override = ({ path }) => (path === "/v1/queue" ? { status: 200, body } : undefined);
}

const get = (path: string) => api.call("GET", path, { key });

it("tells a waiting run's place, alone and among the user's, and nobody else's run", async () => {
  const [first, second] = [await act.start(), await act.start()];
  await queueBehindAnother([first.id, second.id]);
  const reply = await get("/api/training/queue");
  expect(reply.as(trainerQueueSchema)).toEqual({
    maximum: 2,
    maximum_per_user: 1,
    running: 0,
    waiting: 3,
    jobs: [
      { job_id: first.id, attempt: 1, position: 2 },
      { job_id: second.id, attempt: 1, position: 3 },
    ],
  });
  expect(reply.text).not.toContain("theirs");
  const place = async (id: string) =>
    (await get(`/api/training/${id}`)).as(jobSchema).queue_position;
  expect([await place(first.id), await place(second.id)]).toEqual([2, 3]);
  const running = await act.startRunning();
  expect(await place(running.id)).toBeUndefined();
});

it("goes on without places where the backend has no queue, or does not answer", async () => {
  const { id } = await act.start();
  api.backend.override = ({ path }) =>
    path === "/v1/queue" ? { status: 404, body: { error: { message: "no route" } } } : undefined;
  expect((await get(`/api/training/${id}`)).body).toMatchObject({ queue_position: null });
  expectRefusal(await get("/api/training/queue"), 422);
  api.backend.override = ({ path }) => (path === "/v1/queue" ? "hang up" : undefined);
  expect((await get(`/api/training/${id}`)).body).toMatchObject({ queue_position: null });
  expectRefusal(await get("/api/training/queue"), 503);
});

it("takes a run that is stopped while it waits out of the queue at once, even with the backend down", async () => {
  const { id } = await act.start();
  await act.control(id, "stop", { command_id: "s" });
  expect(api.backend.to("POST", `/v1/jobs/${id}/commands`)).toMatchObject([
    { body: { id: "s", type: "stop" } },
  ]);
  const running = await act.startRunning();
  await act.control(running.id, "stop");
  expect(api.backend.to("POST", `/v1/jobs/${running.id}/commands`)).toEqual([]);

  const other = await act.start();
  api.backend.override = () => "hang up";
  expect((await act.control(other.id, "stop")).status).toBe(202);
  expect((await act.jobOf(other.id)).status).toBe("cancelled");
});

it("does not dispatch again what waits in the queue", async () => {
  const [waiting, lost] = [await act.start(), await act.start()];
  await queueBehindAnother([waiting.id]);
  await dispatchUnclaimed("0 seconds");
  const again = api.backend
    .to("POST", "/v1/jobs")
    .map(({ body }) => (body as { job_id: string }).job_id);
  expect(again).toContain(lost.id);
  expect(again.filter((id) => id === waiting.id)).toHaveLength(1);
});
