import { useSyncExternalStore } from "react";
import { nearestIndex } from "@/lib/charts/axes/nearest-index";
import { ListenerSet } from "@/lib/listener-set";

type Listener = () => void;
type MoveListener = (x: number | null) => void;

/** The position of a panel's crosshair. */
export interface Crosshair {
  /** The value on the x axis. */
  x: number;
  /** Pixels in the plot. */
  left: number;
  top: number;
  /** Whether the pointer is in this panel; else the crosshair follows another panel's. */
  own: boolean;
  /** Where the plot begins in the panel, and how wide it is, in pixels. */
  plot: { offset: number; width: number };
}

/** The crosshair, outside React so that only its readers render. */
export interface CrosshairStore {
  get: () => Crosshair | null;
  /** Called by the chart with the position of its crosshair. */
  set: (crosshair: Crosshair | null) => void;
  subscribe: (listener: Listener) => () => void;
  /** Asks the chart to move its crosshair to a value of the x axis, or to hide it. */
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

/** The index of the value nearest to the crosshair; null without a crosshair. */
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
