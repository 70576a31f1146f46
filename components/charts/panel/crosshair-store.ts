import { useSyncExternalStore } from "react";
import { nearestIndex } from "@/lib/charts/axes/nearest-index";
import { ListenerSet } from "@/lib/listener-set";

type Listener = () => void;
type MoveListener = (x: number | null) => void;

/** Where a panel's crosshair stands. */
export interface Crosshair {
  /** The place on the x axis. */
  x: number;
  /** Pixels in the plot. */
  left: number;
  top: number;
  /** The pointer is in this panel; false: it follows another one's. */
  own: boolean;
  /** Where the plot begins in the panel, and its width, in pixels. */
  plot: { offset: number; width: number };
}

/** The crosshair: kept outside React so that only what reads it renders. */
export interface CrosshairStore {
  get: () => Crosshair | null;
  /** The chart says where its crosshair is. */
  set: (crosshair: Crosshair | null) => void;
  subscribe: (listener: Listener) => () => void;
  /** Asks the chart to put its crosshair on a place of the x axis, or to take it away. */
  moveTo: MoveListener;
  onMove: (listener: MoveListener) => () => void;
}

const samePlace = (a: Crosshair, b: Crosshair) => a.x === b.x && a.top === b.top && a.own === b.own;

export function createCrosshairStore(): CrosshairStore {
  let current: Crosshair | null = null;
  const listeners = new ListenerSet();
  const moveListeners = new ListenerSet<[x: number | null]>();
  return {
    get: () => current,
    set: (next) => {
      if (next === current) return;
      if (next && current && samePlace(next, current)) return;
      current = next;
      listeners.notify();
    },
    subscribe: listeners.subscribe,
    moveTo: (x) => moveListeners.notify(x),
    onMove: moveListeners.subscribe,
  };
}

const onServer = () => null;

/** The index of the value nearest to the crosshair; null while there is none. */
export function useCrosshairIndex(
  crosshairStore: CrosshairStore,
  x: readonly number[],
): number | null {
  const get = () => {
    const crosshair = crosshairStore.get();
    return crosshair ? nearestIndex(x, crosshair.x) : null;
  };
  return useSyncExternalStore(crosshairStore.subscribe, get, onServer);
}

export function useCrosshair(crosshairStore: CrosshairStore): Crosshair | null {
  return useSyncExternalStore(crosshairStore.subscribe, crosshairStore.get, onServer);
}
