import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type BackendJob, backendJobStatuses } from "@signalbox/protocol/service/backend";
import { isJsonObject } from "@signalbox/protocol/wire/json";
import { z } from "zod";
import { writeFileDurably } from "../durable-file.ts";
import { answerSchema, startMessageSchema } from "../trainers/runtime/messages.ts";
import { trainerReferenceSchema } from "../trainers/trainer-reference.ts";

const commandRecordSchema = z.object({
  type: z.string(),
  args: z.record(z.string(), z.unknown()),
  answer: answerSchema.nullable(),
});
export type CommandRecord = z.infer<typeof commandRecordSchema>;

/** By ids that clients chose, in the order of arrival. Older folders have them as an object. */
const commandsSchema = z
  .preprocess(
    (stored) => (Array.isArray(stored) || !isJsonObject(stored) ? stored : Object.entries(stored)),
    z.array(z.tuple([z.string(), commandRecordSchema])),
  )
  .transform((entries) => new Map(entries));

export const jobRecordSchema = z.object({
  job_id: z.string(),
  /** Null in records of earlier releases, until the dashboard next names the owner. */
  owner: z.string().nullable().default(null),
  name: z.string().nullable(),
  ...trainerReferenceSchema.shape,
  dashboard_url: z.string(),
  job_token: z.string(),
  attempt: z.int(),
  status: z.enum(backendJobStatuses),
  held: z.boolean(),
  phase: z.string().nullable(),
  step: z.int().nullable(),
  epoch: z.int().nullable(),
  total_steps: z.int().nullable(),
  total_epochs: z.int().nullable(),
  error: z.string().nullable(),
  /** Whether any training step was ever reported; a start from scratch would then repeat it. */
  reported: z.boolean(),
  /** Checkpoint of another job whose weights this one started from. */
  start_from: z.object({ checkpoints: z.string(), checkpoint_id: z.string() }).nullable(),
  /** How it starts, while its status is `queued`. `order`: of its arrival among all jobs. */
  queued: z
    .object({
      order: z.int(),
      resume: startMessageSchema.shape.resume,
      resume_command: z.string().nullable(),
    })
    .nullable()
    .default(null),
  process: z.object({ pid: z.int(), started: z.string().nullable() }).nullable(),
  /** Restarts after a crash since the last progress. */
  recoveries: z.object({ count: z.int(), step: z.int().nullable() }),
  /** Commands of this job by id, so that none is executed twice. */
  commands: commandsSchema,
  created_at: z.string(),
  updated_at: z.string(),
});
export type JobRecord = z.infer<typeof jobRecordSchema>;

/** The public part of a record: everything but the token. */
export function describeRecord(record: JobRecord): BackendJob {
  const { job_id, name, kind, status, attempt, held, phase, step, epoch } = record;
  const { total_steps, total_epochs, config, error, created_at, updated_at } = record;
  const progress = step !== null && total_steps ? step / total_steps : null;
  const place = { phase, step, epoch, progress, total_steps, total_epochs };
  return {
    job_id,
    name,
    kind,
    status,
    attempt,
    held,
    ...place,
    config,
    error,
    created_at,
    updated_at,
  };
}

const KEPT_COMMANDS = 200;

/** Paths of one job's files. */
export interface JobFolder {
  root: string;
  record: string;
  outcome: string;
  log: string;
  spool: string;
  checkpoints: string;
}

/** Folder of a job; escapes ids such as `..` or `a:b`. */
export function jobFolder(jobsRoot: string, jobId: string): JobFolder {
  const root = join(jobsRoot, encodeURIComponent(jobId).replace(/^\./, "%2E"));
  return {
    root,
    record: join(root, "job.json"),
    outcome: join(root, "outcome.json"),
    log: join(root, "log.jsonl"),
    spool: join(root, "spool"),
    checkpoints: join(root, "checkpoints"),
  };
}

/** Writes a record, readable by its owner only, because it contains the job token. */
export function saveRecord(folder: JobFolder, record: JobRecord): void {
  mkdirSync(folder.root, { recursive: true, mode: 0o700 });
  const ids = [...record.commands.keys()];
  for (const id of ids.slice(0, -KEPT_COMMANDS)) record.commands.delete(id);
  record.updated_at = new Date().toISOString();
  const stored = { ...record, commands: [...record.commands] };
  writeFileDurably(folder.record, [JSON.stringify(stored, null, 2)]);
}

/** Loads every job's record, and names the folders whose record can't be read. */
export function loadRecords(jobsRoot: string): { records: JobRecord[]; unreadable: string[] } {
  const records: JobRecord[] = [];
  const unreadable: string[] = [];
  let names: string[] = [];
  try {
    names = readdirSync(jobsRoot);
  } catch {
    // No jobs yet.
  }
  for (const name of names) {
    try {
      const text = readFileSync(join(jobsRoot, name, "job.json"), "utf8");
      records.push(jobRecordSchema.parse(JSON.parse(text)));
    } catch {
      unreadable.push(name);
    }
  }
  return { records, unreadable };
}
