import type { RealtimeChannel, SupabaseClient } from "@supabase/supabase-js";
import type { Doorbell, DoorbellListener } from "./feed.ts";

/** How long to wait before a topic that the server closed is joined again. */
const reopenMs = 1_000;

type Client = Pick<SupabaseClient, "channel" | "removeChannel">;

/**
 * The doorbell on Supabase Realtime: private broadcast channels, joined with the secret key.
 * A lost connection is the library's to mend; every join, also a later one, is told.
 */
export function supabaseDoorbell(client: Client): Doorbell {
  // The library hands out a topic's old channel until it has left: the next one waits for that.
  const leaving = new Map<string, Promise<unknown>>();

  return {
    listen(topic: string, listener: DoorbellListener): () => void {
      let channel: RealtimeChannel | null = null;
      let timer: ReturnType<typeof setTimeout> | undefined;
      let stopped = false;

      const leave = () => {
        const mine = channel;
        if (!mine) return;
        // First forgotten, then removed: removing tells the channel's own callback that it closed.
        channel = null;
        const left = client.removeChannel(mine).catch(() => {});
        leaving.set(topic, left);
        void left.then(() => {
          if (leaving.get(topic) === left) leaving.delete(topic);
        });
      };

      const open = async () => {
        await leaving.get(topic);
        if (stopped) return;
        const mine = client.channel(topic, { config: { private: true } });
        channel = mine;
        for (const event of ["change", "revoked"]) {
          mine.on("broadcast", { event }, ({ payload }) => {
            if (channel === mine) listener.onRing(event, isRecord(payload) ? payload : {});
          });
        }
        mine.subscribe((status) => {
          if (channel !== mine) return;
          if (status === "SUBSCRIBED") listener.onJoined();
          // Errors and timeouts are retried by the library; a closed channel is not.
          if (status === "CLOSED") {
            leave();
            timer = setTimeout(() => void open(), reopenMs);
            timer.unref();
          }
        });
      };

      void open();
      return () => {
        stopped = true;
        clearTimeout(timer);
        leave();
      };
    },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
