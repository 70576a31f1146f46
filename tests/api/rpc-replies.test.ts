import { streamNames } from "@signalbox/protocol/stream/stream-name";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RpcArgs } from "../../lib/server/rpc/rpc-args.ts";
import {
  type FunctionName,
  type RpcReply,
  rpcReplies,
  trustedReplies,
} from "../../lib/server/rpc/rpc-replies.ts";
import { engines } from "../../supabase/local/testing.ts";
import { startWithOwner } from "./job-driver.ts";

describe.each(engines)("replies of SQL functions, on %s", (engine) => {
  let owner: Awaited<ReturnType<typeof startWithOwner>>;
  let userId: string;
  let key: number;

  beforeAll(async () => {
    owner = await startWithOwner({ engine });
    const { act, api } = owner;
    const id = await act.attach({ config: { learning_rate: 0.01 } });
    await act.post("/api/training/local/metrics", {
      job_id: id,
      points: [
        { name: "train/loss", step: 1, value: 2.5, epoch: 1, phase: "train" },
        { name: "train/loss", step: 2, value: "NaN" },
      ],
    });
    await act.post(act.local(id, "logs"), { logs: ["first line"] });
    await act.post(act.local(id, "events"), { events: [{ type: "note", message: "hello" }] });
    await act.post("/api/training/local/predictions", {
      job_id: id,
      predictions: [{ epoch: 1, step: 1, sample_index: 0, prompt: "a", prediction: "b" }],
    });
    await act.control(id, "checkpoint");
    await act.report(id, { phase: "evaluating" });
    const [job] = await api.supabase.sql<{ key: number; user_id: string }>(
      "select key::int as key, user_id from jobs",
    );
    if (!job) throw new Error("the job is missing");
    key = job.key;
    userId = job.user_id;
  }, 60_000);
  afterAll(() => owner.api.close());

  async function call<Name extends FunctionName>(name: Name, args: RpcArgs<Name>) {
    const { serverSupabase } = await import("../../lib/server/supabase.ts");
    const { data, error } = await serverSupabase().rpc(name, args as never);
    if (error) throw new Error(error.message);
    return data as RpcReply<Name>;
  }

  /** Asserts that a reply has the fields of its schema, and no others. */
  async function expectDeclared<Name extends FunctionName>(name: Name, args: RpcArgs<Name>) {
    const reply = await call(name, args);
    expect(rpcReplies[name].parse(reply)).toEqual(reply);
    return reply;
  }

  it("match their schemas where they are not parsed at run time", async () => {
    const page = {
      p_job_key: key,
      p_after: 0,
      p_limit: 100,
      p_max_bytes: 1_000_000,
      p_predictions: true,
    };
    const checks = {
      changed_jobs: () =>
        expectDeclared("changed_jobs", { p_user_id: userId, p_since: "2000-01-01T00:00:00Z" }),
      jobs_by_key: () => expectDeclared("jobs_by_key", { p_user_id: userId, p_keys: [key] }),
      read_latest_points: () =>
        expectDeclared("read_latest_points", { p_job_key: key, p_limit: 100, p_names: null }),
      read_points_after_step: () =>
        expectDeclared("read_points_after_step", {
          p_job_key: key,
          p_after_step: -1,
          p_limit: 100,
          p_names: null,
        }),
      read_stream: () => expectDeclared("read_stream", page),
    };
    expect(Object.keys(checks).sort()).toEqual([...trustedReplies].sort());
    const { jobs } = await checks.changed_jobs();
    expect(jobs).toMatchObject([{ key }]);
    expect(await checks.jobs_by_key()).toMatchObject([{ key }]);
    const { points } = await checks.read_points_after_step();
    expect(points.map(({ value }) => value)).toEqual([2.5, "NaN"]);
    const latest = await checks.read_latest_points();
    expect(latest.points.map(({ value }) => value)).toEqual([2.5, "NaN"]);
    const streams = new Set((await checks.read_stream())?.rows.map(({ stream }) => stream));
    expect([...streams].sort()).toEqual([...streamNames].sort());
    const missing = await expectDeclared("read_stream", { ...page, p_job_key: 0 });
    expect(missing).toBeNull();
  });
});

it("cannot be used with wrong types, nor functions called with wrong arguments", async () => {
  const { callRpc } = await import("../../lib/server/rpc/call-rpc.ts");
  const wrong = [
    // @ts-expect-error p_job_id is text
    () => callRpc("get_job", { p_user_id: "u", p_job_id: 5 }),
    // @ts-expect-error p_job_id is missing
    () => callRpc("get_job", { p_user_id: "u" }),
    // @ts-expect-error p_id is not an argument
    () => callRpc("get_job", { p_user_id: "u", p_job_id: "j", p_id: "j" }),
    // @ts-expect-error p_job_id is not nullable
    () => callRpc("get_job", { p_user_id: "u", p_job_id: null }),
    // @ts-expect-error there is no such function
    () => callRpc("get_jobs", {}),
    // @ts-expect-error the reply may be null
    async () => (await callRpc("get_job", { p_user_id: "u", p_job_id: "j" })).key,
    // @ts-expect-error the key is a number
    async () => (await callRpc("update_job", {} as RpcArgs<"update_job">)).key.trim(),
  ];
  expect(wrong).toHaveLength(7);
});
