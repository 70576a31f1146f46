import { type PointerEvent, useState } from "react";
import type { PredictionView } from "@/lib/hooks/predictions/use-prediction-rows";

/**
 * While following the latest epoch, the rows under the pointer stay until it leaves; the newer
 * epoch is offered as a button.
 */
export function useHeldEpoch(view: PredictionView, follows: boolean) {
  const [pointed, setPointed] = useState(false);
  const [held, setHeld] = useState(view);
  const isNewer = follows && view.epoch !== held.epoch;
  const holds = pointed && isNewer && view.sort !== "index";
  if (!holds && held !== view) setHeld(view);
  return {
    value: holds ? { ...view, epoch: held.epoch } : view,
    waiting: holds ? (view.epoch ?? null) : null,
    release: () => setPointed(false),
    hold: {
      onPointerMove: (event: PointerEvent) => {
        if (event.pointerType === "mouse" && !holds) setPointed(true);
      },
      onPointerLeave: () => setPointed(false),
    },
  };
}
