import { frameJson } from "./fit-frame.ts";
import type { FrameForm } from "./frame-form.ts";

/** What the learning clients take as the end, by the run's last state. */
const lastEvents: Record<string, { type: string; level: string; message: string }> = {
  succeeded: { type: "training.completed", level: "info", message: "The run has succeeded." },
  failed: { type: "training.failed", level: "error", message: "The run has failed." },
  cancelled: { type: "training.cancelled", level: "warning", message: "The run was cancelled." },
};

/**
 * A run's events as the learning routes return them, one in each frame's `data`. Everything else is a
 * comment, since clients of this stream take all data for events; its id still moves the cursor.
 */
export function eventsForm(jobId: string): FrameForm {
  const data = (fields: object) => `data: ${frameJson({ job_id: jobId, ...fields })}\n\n`;
  return {
    key: "events",
    write(event, value, cursor) {
      const id = cursor === undefined ? "" : `id: ${cursor}\n`;
      if (event === "event") return id + data(Object(value));
      if (event !== "end") return `${id}: ${event}\n\n`;
      const { status } = Object(value);
      // Without a seq: it is no row of the run.
      return id + data({ ...lastEvents[status], data: { status } });
    },
  };
}
