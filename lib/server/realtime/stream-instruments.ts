import { Counter, Histogram } from "../service-metrics/instruments.ts";
import type { StreamEncoding } from "./encoding/accepted-encoding.ts";
import type { QueueTraffic } from "./http/send-queue.ts";

/** How a stream began: new from a snapshot, from the client's cursor, or anew as that was no good. */
export type StreamStart = "new" | "resumed" | "reset";
export type StreamKind = "run" | "runs" | "events" | "list";

export const notifyBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5] as const;

/** What the hub of a process measures of its streams. */
export class StreamInstruments {
  readonly opened = new Counter({
    name: "streams_opened_total",
    help: "Live streams opened: new, resumed from the client's cursor after a reconnect, or reset.",
    labels: ["kind", "start"],
  });
  readonly resets = new Counter({
    name: "stream_resets_total",
    help: "Runs whose stream began anew, by what was wrong with the client's cursor.",
    labels: ["reason"],
  });
  readonly closed = new Counter({
    name: "streams_closed_total",
    help: "Live streams closed: ended by this server, failed with an error frame, disconnected by the client, or cut off (slow_reader, stalled).",
    labels: ["kind", "reason"],
  });
  readonly duration = new Histogram({
    name: "stream_duration_seconds",
    help: "How long live streams were open.",
    labels: ["kind"],
    bounds: [1, 10, 60, 300, 1800, 3600, 14_400, 86_400],
  });
  readonly frames = new Counter({
    name: "stream_frames_total",
    help: "Frames queued for viewers.",
  });
  readonly bytes = new Counter({
    name: "stream_frame_bytes_total",
    help: "Bytes of frames taken by viewers, before compression.",
    labels: ["encoding"],
  });
  readonly sentBytes = new Counter({
    name: "stream_sent_bytes_total",
    help: "Bytes of frames sent to viewers, after compression.",
    labels: ["encoding"],
  });
  readonly notifyToFrame = new Histogram({
    name: "stream_notify_to_frame_seconds",
    help: "From the notification of a change in a run to its frames being queued.",
    bounds: notifyBounds,
  });

  /** What a queue of this encoding is told to count. */
  traffic(encoding: StreamEncoding): QueueTraffic {
    return {
      queued: (frames) => this.frames.add({}, frames),
      sent: (bytes, encodedBytes) => {
        this.bytes.add({ encoding }, bytes);
        this.sentBytes.add({ encoding }, encodedBytes);
      },
    };
  }

  families() {
    return [
      this.opened,
      this.resets,
      this.closed,
      this.duration,
      this.frames,
      this.bytes,
      this.sentBytes,
      this.notifyToFrame,
    ].map((instrument) => instrument.family());
  }
}
