import type { Command } from "@signalbox/protocol/job/command";

/** 202 with the stored command; the trainer's answer arrives on the stream. */
export function commandResponse(jobId: string, action: string, command: Command): Response {
  return Response.json({ success: true, action, job_id: jobId, command }, { status: 202 });
}
