import { RealtimeClient } from "@supabase/supabase-js";
import { env } from "../../env";
import { processSingleton } from "../../process-singleton";
import { systemClock } from "./feed.ts";
import { RealtimePool } from "./realtime-pool.ts";
import { TopicSubscriptions } from "./topic-subscriptions.ts";

const graceMs = 5_000;

/** This process's connections to Supabase Realtime. */
export function realtime(): RealtimePool {
  return processSingleton(
    "realtime",
    () =>
      new RealtimePool({
        connect: () => realtimeClient(env().SUPABASE_URL, env().SUPABASE_SECRET_KEY),
        clock: systemClock,
        random: Math.random,
        log: (message) => console.warn(`[stream] ${message}`),
      }),
  );
}

/** This process's notifier: one Realtime channel per user, shared by all listeners. */
export function notifier(): TopicSubscriptions {
  return processSingleton(
    "notifier",
    () => new TopicSubscriptions(realtime(), systemClock, graceMs),
  );
}

/** A client of the project's Realtime that holds the secret key alone, without tokens of its own. */
export function realtimeClient(supabaseUrl: string, secretKey: string): RealtimeClient {
  const url = new URL("realtime/v1", supabaseUrl.replace(/\/*$/, "/"));
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return new RealtimeClient(url.href, { params: { apikey: secretKey } });
}
