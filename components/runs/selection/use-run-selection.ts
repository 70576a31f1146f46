"use client";

import { useCallback, useRef, useState } from "react";

export interface RunSelection {
  ids: readonly string[];
  has: (id: string) => boolean;
  /** With `range`, toggles everything between the last toggle and this one, in `order`. */
  toggle: (id: string, checked: boolean, range: boolean, order: readonly string[]) => void;
  allOf: (order: readonly string[]) => boolean | "some";
  setAll: (order: readonly string[], checked: boolean) => void;
  clear: () => void;
}

/** The selected runs. The selection survives filter changes, so that it can be collected. */
export function useRunSelection(): RunSelection {
  const [state, setState] = useState<Readonly<Record<string, boolean>>>({});
  const anchor = useRef<string | null>(null);

  const setMany = useCallback((ids: readonly string[], checked: boolean) => {
    setState((old) => {
      const next = { ...old };
      for (const id of ids) {
        if (checked) next[id] = true;
        else delete next[id];
      }
      return next;
    });
  }, []);

  const toggle = useCallback<RunSelection["toggle"]>(
    (id, checked, range, order) => {
      const from = range && anchor.current !== null ? order.indexOf(anchor.current) : -1;
      const to = order.indexOf(id);
      anchor.current = id;
      if (from < 0 || to < 0) setMany([id], checked);
      else setMany(order.slice(Math.min(from, to), Math.max(from, to) + 1), checked);
    },
    [setMany],
  );

  return {
    ids: Object.keys(state).filter((id) => state[id]),
    has: (id) => state[id] === true,
    toggle,
    allOf: (order) => {
      const count = order.filter((id) => state[id] === true).length;
      return count === 0 ? false : count === order.length ? true : "some";
    },
    setAll: setMany,
    clear: useCallback(() => setState((old) => (Object.keys(old).length === 0 ? old : {})), []),
  };
}
