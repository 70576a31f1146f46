type Listener = () => void;
type MoveListener = (index: number | null) => void;

/** The column under the crosshair: kept outside React so that only the legend line re-renders. */
export interface CursorCell {
  get: () => number | null;
  /** The chart says where its crosshair is. */
  set: (index: number | null) => void;
  subscribe: (listener: Listener) => () => void;
  /** Asks the chart to put its crosshair on a column, or to take it away. */
  moveTo: MoveListener;
  onMove: (listener: MoveListener) => () => void;
}

export function createCursorCell(): CursorCell {
  let current: number | null = null;
  const listeners = new Set<Listener>();
  const moveListeners = new Set<MoveListener>();
  return {
    get: () => current,
    set: (index) => {
      if (index === current) return;
      current = index;
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    moveTo: (index) => {
      for (const listener of moveListeners) listener(index);
    },
    onMove: (listener) => {
      moveListeners.add(listener);
      return () => moveListeners.delete(listener);
    },
  };
}
