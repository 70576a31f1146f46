import type { Virtualizer } from "@tanstack/react-virtual";
import { type FocusEvent, type RefObject, useCallback, useRef } from "react";
import { useHotkeys } from "@/lib/hooks/page/use-hotkeys";

export interface RowKeys {
  enabled: boolean;
  /** Whether a row can be focused; the element to focus has `data-row-focus`. */
  canFocus?: (index: number) => boolean;
}

interface RowKeysOptions {
  keys: RowKeys | null;
  scroller: RefObject<HTMLElement | null>;
  virtualizer: Virtualizer<HTMLDivElement, HTMLTableRowElement>;
  count: number;
}

/** Moves the focus from row to row with `j` and `k`. */
export function useRowKeys({ keys, scroller, virtualizer, count }: RowKeysOptions) {
  const current = useRef<number | null>(null);
  const step = (by: 1 | -1) => {
    let to = current.current ?? (virtualizer.range?.startIndex ?? 0) - 1;
    do to += by;
    while (to >= 0 && to < count && keys?.canFocus?.(to) === false);
    if (to < 0 || to >= count) return;
    current.current = to;
    virtualizer.scrollToIndex(to);
    // The row is drawn within a frame.
    requestAnimationFrame(() => {
      if (current.current !== to) return;
      scroller.current
        ?.querySelector<HTMLElement>(`[data-index="${to}"] [data-row-focus]`)
        ?.focus({ preventScroll: true });
    });
  };
  useHotkeys({ j: () => step(1), k: () => step(-1) }, keys?.enabled ?? false);

  return {
    onFocus: (event: FocusEvent) => {
      const index = event.target.closest("[data-index]")?.getAttribute("data-index");
      if (index) current.current = Number(index);
    },
    /** Starts again at the first row in view. */
    reset: useCallback(() => {
      current.current = null;
    }, []),
  };
}
