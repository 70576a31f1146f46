import type { Command } from "@signalbox/protocol/command";

/** 202 with the command: it is stored, and the trainer's answer comes by the stream. */
export function commandResponse(jobId: string, action: string, command: Command): Response {
  return Response.json({ success: true, action, job_id: jobId, command }, { status: 202 });
}
