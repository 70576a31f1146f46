import type { JsonObject } from "./job.ts";

export type CommandType = "pause" | "resume" | "stop" | "checkpoint" | "update_params";
export type CommandStatus = "pending" | "delivered" | "applied" | "rejected" | "expired";

export interface Command {
  id: string;
  type: CommandType;
  args: JsonObject;
  status: CommandStatus;
  requested_by: string | null;
  requested_at: string;
  delivered_at: string | null;
  applied_at: string | null;
  applied_step: number | null;
  old: JsonObject | null;
  new: JsonObject | null;
  reason: string | null;
  result: JsonObject | null;
}

export interface CommandPage {
  commands: Command[];
  total: number;
}

export interface LogLine {
  /** From 1. */
  line: number;
  stream: "stdout" | "stderr";
  text: string;
  ts: string;
}

export interface LogPage {
  logs: LogLine[];
  total_lines: number;
  offset: number;
  limit: number;
}

export interface JobEvent {
  seq: number;
  type: string;
  level: string;
  message: string;
  data: JsonObject;
  created_at: string;
}

export interface ErrorReport {
  /** Newest first. */
  errors: JobEvent[];
  count: number;
  /** Why the run failed, where it did. */
  reason?: string | null | undefined;
  traceback?: string | null | undefined;
}
