import {
  type heartbeatBodySchema,
  type ingestEventsBodySchema,
  ingestLimits,
  type ingestLogsBodySchema,
  type ingestReplySchema,
  type MetricsBatch,
  type reportStatusBodySchema,
} from "@signalbox/protocol/data/ingest";
import { timestampToMs } from "@signalbox/protocol/wire/primitives";
import type { z } from "zod";
import { ingestAuth, type Principal } from "../auth/principal";
import { AppError } from "../errors";
import { storeBatch } from "../limits/store-batch";
import { callRpc } from "../rpc/call-rpc";
import { asJson } from "../rpc/rpc-args";
import type { RpcReply } from "../rpc/rpc-replies";
import { announceRows } from "./announce-rows";
import { batchIdentity } from "./batch-identity";
import { seriesOfBatch } from "./series-of-batch";

interface Ingest<Body> {
  request: Request;
  principal: Principal;
  jobId: string;
  body: Body;
  bodyText: string;
}

type Reply = z.output<typeof ingestReplySchema>;
type Liveness = RpcReply<"heartbeat">;

/**
 * Stores a batch of metric points, whole or not at all. `skipped` follows from the body, so a repeated
 * batch gets the same.
 * @throws AppError unauthorized, not_found, conflict (batch id reused, a limit of the owner), too_large,
 *   unsupported (too many series)
 */
export async function ingestMetrics(
  input: Ingest<MetricsBatch>,
): Promise<Reply & { skipped: number }> {
  const batch = seriesOfBatch(input.body, Date.now());
  const to = target(input, input.body.batch_id);
  const reply = await storeBatch(
    input.principal.userId,
    to,
    { points: batch.count, point_bytes: input.bodyText.length },
    async () =>
      announceRows(
        await callRpc("ingest_metrics", {
          ...to,
          p_series: asJson(batch.series),
          p_count: batch.count,
          p_max_step: batch.maxStep,
          p_max_epoch: batch.maxEpoch,
        }),
      ),
  );
  return { ...reply, skipped: batch.skipped };
}

/** Appends lines to the job's log. Throws as {@link ingestMetrics}. */
export async function ingestLogs(
  input: Ingest<z.output<typeof ingestLogsBodySchema>>,
): Promise<Reply> {
  const now = Date.now();
  const lines = [
    ...(input.body.lines ?? []).map((line) => [
      line.stream,
      line.text,
      line.ts == null ? now : timestampToMs(line.ts),
    ]),
    ...(input.body.logs ?? []).map((text) => ["stdout", text, now]),
  ];
  if (lines.length > ingestLimits.logLines) {
    throw new AppError("too_large", "A batch can have at most 5,000 lines.");
  }
  const to = target(input, input.body.batch_id);
  return storeBatch(
    input.principal.userId,
    to,
    { log_lines: lines.length, log_bytes: input.bodyText.length },
    async () => announceRows(await callRpc("ingest_logs", { ...to, p_lines: lines })),
  );
}

/** Stores events, a stream row each. Throws as {@link ingestMetrics}. */
export async function ingestEvents(
  input: Ingest<z.output<typeof ingestEventsBodySchema>>,
): Promise<Reply> {
  const { events } = input.body;
  const to = target(input, input.body.batch_id);
  return storeBatch(
    input.principal.userId,
    to,
    { events: events.length, event_bytes: input.bodyText.length },
    async () => announceRows(await callRpc("ingest_events", { ...to, p_events: asJson(events) })),
  );
}

/** Keeps a job alive. Throws unauthorized, not_found. */
export async function heartbeat(
  principal: Principal,
  jobId: string,
  body: z.output<typeof heartbeatBodySchema>,
): Promise<Liveness> {
  return callRpc("heartbeat", {
    p_auth: ingestAuth(principal),
    p_job_id: jobId,
    p_heartbeat: body,
  });
}

/**
 * Stores a trainer's report of its status, phase, progress or exit.
 * @throws AppError unauthorized, not_found, conflict (the state forbids it; details name the state)
 */
export async function reportStatus(
  input: Ingest<z.output<typeof reportStatusBodySchema>>,
): Promise<Liveness> {
  return callRpc("report_status", {
    ...target(input, input.body.batch_id),
    p_report: asJson(input.body),
  });
}

function target(input: Ingest<unknown>, bodyId: string | undefined) {
  return {
    p_auth: ingestAuth(input.principal),
    p_job_id: input.jobId,
    ...batchIdentity(input.request, input.bodyText, bodyId),
  };
}
