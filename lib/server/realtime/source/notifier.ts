import { processSingleton } from "../../process-singleton";
import { serverSupabase } from "../../supabase";
import { systemClock } from "./feed.ts";
import { supabaseNotifier } from "./supabase-notifier.ts";
import { TopicSubscriptions } from "./topic-subscriptions.ts";

const graceMs = 5_000;

/** This process's notifier: one Realtime channel per topic, shared by all listeners. */
export function notifier(): TopicSubscriptions {
  return processSingleton(
    "notifier",
    () => new TopicSubscriptions(supabaseNotifier(serverSupabase()), systemClock, graceMs),
  );
}
