"use client";

import { useState } from "react";
import { type HeldOrder, holdOrder, sameOrder } from "./hold-order";

/**
 * The order of the rows shown. While `hold` is true, rows keep their positions and new ones wait;
 * another `view` (sort, filter) resets it.
 */
export function useHeldOrder(
  next: readonly string[],
  exists: (id: string) => boolean,
  hold: boolean,
  view: unknown,
): HeldOrder {
  const [shown, setShown] = useState({ view, order: next });
  const fresh = !hold || shown.view !== view || shown.order.length === 0;
  const held = fresh ? { order: next, waiting: 0 } : holdOrder(shown.order, next, exists);
  if (shown.view !== view || !sameOrder(shown.order, held.order)) {
    setShown({ view, order: held.order });
  }
  return held;
}
