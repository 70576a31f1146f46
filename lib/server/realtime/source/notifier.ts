import { processSingleton } from "../../process-singleton";
import { serverSupabase } from "../../supabase";
import { systemClock } from "./feed.ts";
import { supabaseDoorbell } from "./supabase-notifier.ts";
import { Bells } from "./topic-subscriptions.ts";

const graceMs = 5_000;

/** This process's doorbell: one Realtime channel a topic, however many listen. */
export function doorbell(): Bells {
  return processSingleton(
    "doorbell",
    () => new Bells(supabaseDoorbell(serverSupabase()), systemClock, graceMs),
  );
}
