import { useSyncExternalStore } from "react";
import { ListenerSet } from "@/lib/listener-set";

/** The highlighted run, group or series, outside React so that a hover renders little. */
export interface Highlight {
  get: () => string | null;
  set: (id: string | null) => void;
  subscribe: (listener: () => void) => () => void;
}

export function createHighlight(): Highlight {
  let current: string | null = null;
  const listeners = new ListenerSet();
  return {
    get: () => current,
    set: (id) => {
      if (id === current) return;
      current = id;
      listeners.notify();
    },
    subscribe: listeners.subscribe,
  };
}

const none = () => null;

export function useHighlighted(highlight: Highlight): string | null {
  return useSyncExternalStore(highlight.subscribe, highlight.get, none);
}

/** Whether one run is highlighted: renders only the two that change. */
export function useIsHighlighted(highlight: Highlight, id: string): boolean {
  return useSyncExternalStore(
    highlight.subscribe,
    () => highlight.get() === id,
    () => false,
  );
}
