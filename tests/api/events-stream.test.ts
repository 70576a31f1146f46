import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type JobDriver, startWithOwner } from "./job-driver.ts";
import { expectRefusal, type TestApi } from "./kit.ts";

describe("the stream of a run's events", () => {
  let api: TestApi;
  let key: string;
  let act: JobDriver;

  beforeAll(async () => {
    ({ api, key, act } = await startWithOwner());
  }, 60_000);
  afterAll(() => api.close());

  const path = (id: string, query = "") => `/api/learning/jobs/${id}/events/stream${query}`;
  const report = (id: string, ...types: string[]) =>
    act.post(`/api/training/local/${id}/events`, { events: types.map((type) => ({ type })) });
  /** Reads to the end: what a client that takes each line of data for an event gets. */
  async function read(address: string, headers: Record<string, string> = {}) {
    const response = await api.send("GET", address, { key, headers });
    const text = await response.text();
    const events = [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data ?? ""));
    const ids = [...text.matchAll(/^id: (.*)$/gm)].map(([, id]) => id ?? "");
    return { status: response.status, types: events.map(({ type }) => type), events, ids };
  }

  it("has the past and the live events, and ends with what tells that the run has", async () => {
    const id = await act.attach();
    await report(id, "one", "two");
    await act.post("/api/training/local/metrics", { job_id: id, metrics: [{ step: 1, loss: 1 }] });
    const reading = read(path(id));
    await report(id, "three");
    await act.report(id, { status: "succeeded" });
    const { status, types, events, ids } = await reading;
    expect([status, types]).toEqual([200, ["one", "two", "three", "training.completed"]]);
    expect(events[0]).toMatchObject({ job_id: id, level: "info", message: "", data: {} });
    expect(events.map(({ seq }) => typeof seq)).toEqual([
      "number",
      "number",
      "number",
      "undefined",
    ]);
    expect(events[3]).toMatchObject({ data: { status: "succeeded" } });

    const asked = await read(`/api/learning/jobs/${id}/events?since_seq=${events[1].seq}`, {
      accept: "text/event-stream",
    });
    expect(asked.types).toEqual(["three", "training.completed"]);
    const resumed = await read(path(id, "?since_seq=999"), { "last-event-id": ids[1] ?? "" });
    expect(resumed.types.at(-2)).toBe("three");
    expect((await read(path(id, "?since_seq=999999"))).types).toHaveLength(4);
    expect((await read(path(id), { "last-event-id": "zzzz-1" })).types).toHaveLength(4);
    expect((await read(path(id), { "last-event-id": ids.at(-1) ?? "" })).status).toBe(204);
  });

  it.each(["failed", "cancelled"])("ends with a run that has %s", async (state) => {
    const id = await act.attach();
    await act.report(id, { status: state });
    expect((await read(path(id))).types).toEqual([`training.${state}`]);
  });

  it("is not found for a run that is not there", async () => {
    expectRefusal(await api.call("GET", path("nowhere"), { key }), 404);
  });
});
