import { frameJson } from "./fit-frame.ts";
import { frameText, writtenFrame } from "./frame-text.ts";

/** How frames are written: bare in the stream of one run, in an envelope in that of several. */
export interface FrameForm {
  /** Equal for forms that write a given run's frames alike, so that their bytes can be shared. */
  readonly key: string;
  write(event: string, data: unknown, cursor?: string): string;
}

/** Frames of one run's own stream. */
export const bareForm: FrameForm = { key: "bare", write: frameText };

/** Frames that name their run. Their `id:` belongs to the stream and is written when they are sent. */
export function namedForm(run: string): FrameForm {
  return {
    key: "named",
    write(event, data, cursor) {
      const head = JSON.stringify({ run, cursor }).slice(0, -1);
      return writtenFrame(event, `${head},"data":${frameJson(data)}}`);
    },
  };
}
