"use client";

import { useMemo, useState, useSyncExternalStore } from "react";
import { throttledSubscribe } from "@/lib/stream/store/flusher";
import type { JobsSnapshot } from "@/lib/stream/store/jobs-store";
import { sharedJobsStore } from "@/lib/stream/store/store-registry";

/**
 * All the user's runs, live; one connection a page.
 * @param everyMs renders about once per interval at most; by default as often as the store changes
 */
export function useJobsStream(everyMs?: number): JobsSnapshot {
  const [store] = useState(sharedJobsStore);
  const subscribe = useMemo(
    () => (everyMs === undefined ? store.subscribe : throttledSubscribe(store.subscribe, everyMs)),
    [store, everyMs],
  );
  return useSyncExternalStore(subscribe, store.getSnapshot, store.getSnapshot);
}
