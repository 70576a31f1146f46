import { type FocusEvent, type PointerEvent, type UIEvent, useState } from "react";
import { useHeldOrder } from "../data/use-held-order";
import type { LiveRuns } from "../data/use-live-runs";

/**
 * Keeps rows in place while the reader points at them, has the focus in them or has scrolled down.
 * @param view another view (sort, filter) is shown in its own order at once
 */
export function useHeldRows({ known, order: newest }: LiveRuns, view: unknown) {
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  const [scrolled, setScrolled] = useState(false);
  const [released, setReleased] = useState(false);

  const hold = (pointed || focused || scrolled) && !released;
  const { order, waiting } = useHeldOrder(newest, (id) => known.has(id), hold, view);
  if (released && waiting === 0) setReleased(false);

  return {
    order,
    /** How many new runs wait to be shown. */
    waiting,
    release: () => setReleased(true),
    onScroll: (event: UIEvent<HTMLElement>) => setScrolled(event.currentTarget.scrollTop > 8),
    /** For the element around the table. */
    listeners: {
      onPointerEnter: (event: PointerEvent) => setPointed(event.pointerType === "mouse"),
      onPointerLeave: () => setPointed(false),
      onFocus: (event: FocusEvent) => setFocused(event.target.closest("tbody") !== null),
      onBlur: () => setFocused(false),
    },
  };
}
