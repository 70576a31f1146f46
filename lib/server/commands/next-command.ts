import { type Command, commandSchema } from "@signalbox/protocol/command";
import { z } from "zod";
import { ingestAuth, type Principal } from "../auth/principal";
import { doorbell } from "../realtime/source/notifier";
import { stopSignal } from "../stopping";
import { callRpc } from "../supabase";

const nextSchema = z.object({ key: z.number(), command: commandSchema.nullable() });

/** A command that was fetched but not answered for so long is given out again. */
const redeliverAfter = "30 seconds";
/** The net beneath the doorbell, which promises no delivery. */
const lookEveryMs = 2_000;

/**
 * The next command for a job's trainer, waiting up to `waitMs` for one; null when none came.
 * @throws AppError unauthorized, not_found
 */
export async function nextCommand(
  principal: Principal,
  jobId: string,
  waitMs: number,
  gone: AbortSignal,
): Promise<Command | null> {
  const look = async () =>
    nextSchema.parse(
      await callRpc("next_command", {
        p_auth: ingestAuth(principal),
        p_job_id: jobId,
        p_redeliver_after: redeliverAfter,
      }),
    );
  const first = await look();
  if (first.command || waitMs <= 0) return first.command;

  const signal = AbortSignal.any([gone, stopSignal()]);
  const deadline = Date.now() + waitMs;
  let wake = () => {};
  let rung = false;
  const ring = () => {
    rung = true;
    wake();
  };
  const stopListening = doorbell().listen(`job:${first.key}`, { onRing: ring, onJoined: ring });
  signal.addEventListener("abort", ring);
  try {
    while (!signal.aborted && Date.now() < deadline) {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, Math.min(lookEveryMs, deadline - Date.now()));
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      rung = false;
      if (signal.aborted) break;
      const { command } = await look();
      if (command) return command;
    }
    return null;
  } finally {
    signal.removeEventListener("abort", ring);
    stopListening();
  }
}
