import { ManualClock } from "@signalbox/protocol/time/testing/manual-clock";
import { CallbackHandler } from "../handlers/callback-handler.ts";
import type { MessageHandler } from "../handlers/handler.ts";
import { JobStreamer } from "../stream/job-streamer.ts";
import type { JobStreamerOptions } from "../stream/job-streamer-options.ts";
import type { StreamMessage } from "../stream/message.ts";
import { FakeDashboard } from "./fake-dashboard.ts";

export const everything = [
  "status",
  "events",
  "metrics",
  "timeline",
  "logs",
  "predictions",
] as const;

/** A streamer of a run in memory, with a manual clock. */
export function streaming(
  options: Partial<JobStreamerOptions> = {},
  more: MessageHandler[] = [],
  dashboard = new FakeDashboard(),
) {
  const clock = new ManualClock();
  const messages: StreamMessage[] = [];
  const failures: unknown[] = [];
  const fallbacks: string[] = [];
  const streamer = new JobStreamer({
    baseUrl: "http://signalbox.test",
    apiKey: "sbx_test",
    jobId: dashboard.jobId,
    fetch: dashboard.fetch,
    clock,
    random: () => 0.5,
    onHandlerError: (error) => failures.push(error),
    onFallback: (reason) => fallbacks.push(reason),
    ...options,
    handlers: [...more, new CallbackHandler((message) => void messages.push(message))],
  });
  const outcome: { job?: unknown; error?: unknown } = {};
  const start = () =>
    streamer.streamUntilTerminal().then(
      (job) => {
        outcome.job = job;
      },
      (error: unknown) => {
        outcome.error = error;
      },
    );
  const keys = () => messages.map(({ key }) => key);
  return { dashboard, clock, messages, failures, fallbacks, streamer, outcome, start, keys };
}
