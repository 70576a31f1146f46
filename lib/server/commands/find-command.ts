import type { Command } from "@signalbox/protocol/job/command";
import { callRpc } from "../rpc/call-rpc";

/** A job's command by its id, or null. */
export function findCommand(jobKey: number, id: string): Promise<Command | null> {
  return callRpc("get_command", { p_job_key: jobKey, p_id: id });
}
