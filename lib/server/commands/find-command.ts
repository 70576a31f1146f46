import { type Command, commandSchema } from "@signalbox/protocol/command";
import { callRpc } from "../supabase";

/** A job's command by its id, or null. */
export async function findCommand(jobKey: number, id: string): Promise<Command | null> {
  const row = await callRpc("get_command", { p_job_key: jobKey, p_id: id });
  return row === null ? null : commandSchema.parse(row);
}
