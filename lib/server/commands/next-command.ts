import type { Command } from "@signalbox/protocol/job/command";
import { ingestAuth, type Principal } from "../auth/principal";
import { countOpen } from "../limits/traffic";
import { userTopic } from "../realtime/source/feed";
import { notifier } from "../realtime/source/notifier";
import { callRpc } from "../rpc/call-rpc";
import { stopSignal } from "../stopping";

/** A command that was delivered but not answered within this time is delivered again. */
const redeliverAfter = "30 seconds";
/** Poll interval, because notifications may be lost. */
const pollMs = 2_000;

/**
 * The next command for a job's trainer, waiting up to `waitMs` for one; null when none came.
 * @throws AppError unauthorized, not_found, rate_limited
 */
export async function nextCommand(
  principal: Principal,
  jobId: string,
  waitMs: number,
  disconnected: AbortSignal,
): Promise<Command | null> {
  const read = () =>
    callRpc("next_command", {
      p_auth: ingestAuth(principal),
      p_job_id: jobId,
      p_redeliver_after: redeliverAfter,
    });
  const first = await read();
  if (first.command || waitMs <= 0) return first.command;

  const closed = countOpen("polls", principal.userId);
  const signal = AbortSignal.any([disconnected, stopSignal()]);
  const deadline = performance.now() + waitMs;
  let wake = () => {};
  let notified = false;
  const notify = () => {
    notified = true;
    wake();
  };
  const unsubscribe = notifier().subscribe(userTopic(first.user_id), {
    jobKey: first.key,
    onNotify: notify,
    onJoined: notify,
  });
  signal.addEventListener("abort", notify);
  try {
    while (!signal.aborted && performance.now() < deadline) {
      if (!notified) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, Math.min(pollMs, deadline - performance.now()));
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      notified = false;
      if (signal.aborted) break;
      const { command } = await read();
      if (command) return command;
    }
    return null;
  } finally {
    signal.removeEventListener("abort", notify);
    unsubscribe();
    closed();
  }
}
