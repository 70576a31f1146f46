import { ManualClock } from "@signalbox/protocol/time/testing/manual-clock";
import { describe, expect, it } from "vitest";
import { SignalboxClient } from "../client.ts";
import { FakeDashboard } from "../testing/fake-dashboard.ts";
import { refusal } from "../testing/script-fetch.ts";

const pending = { id: "cmd_1", type: "pause", status: "pending" };

function rig({ streams = true } = {}) {
  const dashboard = new FakeDashboard();
  let commands: object[] = [pending];
  dashboard.fault = (path) => {
    if (path.endsWith("/commands")) return Response.json({ commands, total: commands.length });
    return !streams && path.endsWith("/stream") ? new Response("", { status: 404 }) : null;
  };
  const clock = new ManualClock();
  const client = new SignalboxClient({
    baseUrl: "http://signalbox.test",
    apiKey: "sbx_test",
    fetch: dashboard.fetch,
    clock,
    random: () => 0.5,
  });
  const outcome: { command?: unknown; error?: unknown } = {};
  const wait = (options = {}) =>
    client.control.waitFor("a", "cmd_1", options).then(
      (command) => {
        outcome.command = command;
      },
      (error: unknown) => {
        outcome.error = error;
      },
    );
  const answer = (change: object) => {
    commands = [{ ...pending, ...change }];
    dashboard.emit("command", commands[0]);
  };
  return { dashboard, clock, outcome, wait, answer, forget: () => (commands = []) };
}

describe("waiting for a command", () => {
  it.each([true, false])(
    "ends when the trainer has answered, not before (live stream: %s)",
    async (streams) => {
      const { dashboard, clock, outcome, wait, answer } = rig({ streams });
      void wait();
      await clock.advance(5_000);
      answer({ status: "delivered" });
      dashboard.emit("command", { ...pending, id: "another", status: "applied" });
      await clock.advance(5_000);
      expect(outcome).toEqual({});
      answer({ status: "applied", applied_step: 7 });
      await clock.advance(5_000);
      expect(outcome.command).toMatchObject({ id: "cmd_1", status: "applied", applied_step: 7 });
      expect(clock.pending).toBe(0);
      expect(dashboard.connections).toBe(0);
    },
  );

  it.each(["applied", "rejected", "expired"])("ends at once for one already %s", async (status) => {
    const { clock, outcome, wait, answer, dashboard } = rig();
    answer({ status });
    void wait();
    await clock.advance(1);
    expect(outcome.command).toMatchObject({ status });
    expect(dashboard.requests.some((path) => path.includes("/stream"))).toBe(false);
  });

  it("learns of one that expired with the end of its run", async () => {
    const { dashboard, clock, outcome, wait, answer } = rig();
    void wait();
    await clock.advance(1_000);
    dashboard.become("succeeded");
    dashboard.end();
    answer({ status: "expired" });
    await clock.advance(5_000);
    expect(outcome.command).toMatchObject({ status: "expired" });
  });

  it("ends after its time, by its signal, and for a command that is not there", async () => {
    const late = rig();
    void late.wait({ timeoutMs: 3_000 });
    await late.clock.advance(3_000);
    expect(late.outcome.error).toMatchObject({ code: "timeout" });
    expect(late.dashboard.connections).toBe(0);

    const controller = new AbortController();
    const stopped = rig();
    void stopped.wait({ signal: controller.signal });
    await stopped.clock.advance(1_000);
    controller.abort(new Error("enough"));
    await stopped.clock.advance(1);
    expect(stopped.outcome.error).toMatchObject({ message: "enough" });

    const none = rig();
    none.forget();
    void none.wait();
    await none.clock.advance(1);
    expect(none.outcome.error).toMatchObject({ name: "NotFoundError" });
  });

  it("says so when the run is not there", async () => {
    const { dashboard, clock, outcome, wait } = rig();
    dashboard.fault = () => refusal(404, "not_found");
    void wait();
    await clock.advance(1);
    expect(outcome.error).toMatchObject({ name: "NotFoundError", requestId: "req_1" });
  });
});
