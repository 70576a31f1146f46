import { jobSchema } from "@signalbox/protocol/job/job";
import { expect } from "vitest";
import type { Engine } from "../../supabase/local/testing.ts";
import { startApi, type TestApi } from "./kit.ts";

export type JobDriver = ReturnType<typeof jobDriver>;

/** The routes on an empty Supabase, a user's key to everything, and what they do to their jobs. */
export async function startWithOwner(options: { engine?: Engine } = {}) {
  const api = await startApi(options);
  const user = await api.signUp("a");
  const key = await api.makeKey(user);
  return { api, user, key, act: jobDriver(api, key) };
}

/** Acts on jobs as their owner (by an API key) or, where a token is given, as their trainer. */
export function jobDriver(api: TestApi, key: string) {
  let jobs = 0;

  const post = (
    path: string,
    json: unknown = {},
    as: { key?: string; bearer?: string } = { key },
  ) => api.call("POST", path, { ...as, json });
  const local = (id: string, part: string) => `/api/training/local/${id}/${part}`;
  const jobOf = async (id: string) =>
    (await api.call("GET", `/api/training/${id}`, { key })).as(jobSchema);
  const control = (id: string, action: string, more = {}) =>
    post(local(id, "control"), { action, ...more });
  const report = (id: string, json: object, bearer?: string) =>
    post(local(id, "status"), json, bearer ? { bearer } : { key });
  const ack = (id: string, cid: string, json: object, bearer?: string) =>
    post(local(id, `commands/${cid}/ack`), json, bearer ? { bearer } : { key });
  const next = async (id: string, bearer?: string) => {
    const as = bearer ? { bearer } : { key };
    const reply = await api.call("GET", local(id, "commands/next"), as);
    return (reply.body as { command: { id: string; type: string; status: string } | null }).command;
  };
  const commandsOf = async (id: string) => {
    const { body } = await api.call("GET", local(id, "commands"), { key });
    return (body as { commands: { type: string; status: string; reason: string | null }[] })
      .commands;
  };
  const silence = (id: string, ago: string) =>
    api.supabase.sql(
      `update jobs set heartbeat_at = clock_timestamp() - $2::interval where id = $1`,
      [id, ago],
    );
  const reap = () => api.supabase.sql("select reap_jobs('60 seconds', '1 hour')");

  async function attach(fields: object = {}): Promise<string> {
    jobs += 1;
    const reply = await post("/api/training/local/jobs", { job_id: `job-${jobs}`, ...fields });
    expect(reply.status, reply.text).toBe(200);
    return `job-${jobs}`;
  }

  function lastBody(path: string) {
    const request = api.backend.to("POST", path).at(-1);
    if (!request) throw new Error(`the backend was not sent ${path}`);
    return request.body as { job_id: string; job_token: string };
  }

  /** Starts a job on the recording backend; the token is the one that the backend was given. */
  async function start(): Promise<{ id: string; token: string }> {
    const reply = await post("/api/training/jobs", { kind: "sft" });
    expect(reply.status, reply.text).toBe(201);
    const given = lastBody("/v1/jobs");
    return { id: given.job_id, token: given.job_token };
  }

  async function startRunning() {
    const job = await start();
    await report(job.id, { status: "starting" }, job.token);
    await post(local(job.id, "heartbeat"), {}, { bearer: job.token });
    expect(await jobOf(job.id)).toMatchObject({ status: "running", managed: true });
    return job;
  }

  async function attached(): Promise<{ id: string; token: string }> {
    jobs += 1;
    const id = `job-${jobs}`;
    const { body } = await post("/api/training/local/jobs", { job_id: id });
    return { id, token: (body as { job_token: string }).job_token };
  }

  return {
    post,
    local,
    jobOf,
    control,
    report,
    ack,
    next,
    commandsOf,
    silence,
    reap,
    attach,
    lastBody,
    start,
    startRunning,
    attached,
  };
}
