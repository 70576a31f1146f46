import type { RealtimeChannel, SupabaseClient } from "@supabase/supabase-js";
import type { Notifier, NotifierListener } from "./feed.ts";

/** Delay before rejoining a topic that the server closed. */
const reopenMs = 1_000;

type Client = Pick<SupabaseClient, "channel" | "removeChannel">;

/**
 * The notifier on Supabase Realtime: private broadcast channels, joined with the secret key.
 * The library restores a lost connection; `onJoined` is called on every join.
 */
export function supabaseNotifier(client: Client): Notifier {
  // The library returns a topic's old channel until it has left, so the next one waits for that.
  const leaving = new Map<string, Promise<unknown>>();

  return {
    subscribe(topic: string, listener: NotifierListener): () => void {
      let channel: RealtimeChannel | null = null;
      let timer: ReturnType<typeof setTimeout> | undefined;
      let stopped = false;

      const leave = () => {
        const mine = channel;
        if (!mine) return;
        // Forget it first: removing a channel calls its own callback with CLOSED.
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
            if (channel === mine) listener.onNotify(event, isRecord(payload) ? payload : {});
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
