import { processSingleton } from "../process-singleton";
import { serverSupabase } from "../supabase";
import { Bells } from "./bells.ts";
import { systemClock } from "./feed.ts";
import { supabaseDoorbell } from "./supabase-doorbell.ts";

const graceMs = 5_000;

/** This process's doorbell: one Realtime channel a topic, however many listen. */
export function doorbell(): Bells {
  return processSingleton(
    "doorbell",
    () => new Bells(supabaseDoorbell(serverSupabase()), systemClock, graceMs),
  );
}
