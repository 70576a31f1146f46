"use client";

import { useState, useSyncExternalStore } from "react";
import type { JobsSnapshot } from "@/lib/stream/store/jobs-store";
import { sharedJobsStore } from "@/lib/stream/store/store-registry";

/** All the user's runs, live; one connection a page. */
export function useJobsStream(): JobsSnapshot {
  const [store] = useState(sharedJobsStore);
  return useSyncExternalStore(store.subscribe, store.getSnapshot, store.getSnapshot);
}
