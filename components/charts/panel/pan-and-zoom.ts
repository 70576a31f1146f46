import type uPlot from "uplot";
import type { XRange } from "@/lib/charts/axes/x-axis";

interface PanAndZoom {
  /** Called with every move. */
  onMove: (range: XRange) => void;
  /** Called at the end of a movement, to load the range that is shown now. */
  onEnd: (range: XRange) => void;
}

const wheelRestMs = 180;

/** The x values at two pixel positions, on any scale. */
function rangeAt(chart: uPlot, left: number, right: number): XRange {
  return { min: chart.posToVal(left, "x"), max: chart.posToVal(right, "x") };
}

/**
 * Moves a chart along its x axis by shift-drag, shift-wheel or sideways wheel, and zooms about the
 * pointer by ctrl-wheel or pinch. A plain wheel scrolls the page. Returns a function that stops it.
 */
export function listenToPanAndZoom(chart: uPlot, { onMove, onEnd }: PanAndZoom): () => void {
  const { over } = chart;
  let drag: { pointer: number; x: number } | null = null;
  let range: XRange | null = null;
  let rest: ReturnType<typeof setTimeout> | undefined;

  const show = (next: XRange) => {
    range = next;
    onMove(next);
  };
  const finish = () => {
    if (range) onEnd(range);
    range = null;
  };
  const shift = (pixels: number) => show(rangeAt(chart, pixels, over.clientWidth + pixels));

  const onDown = (event: PointerEvent) => {
    if (!event.shiftKey || event.button !== 0) return;
    drag = { pointer: event.pointerId, x: event.clientX };
    over.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent) => {
    if (!drag || event.pointerId !== drag.pointer || event.clientX === drag.x) return;
    shift(drag.x - event.clientX);
    drag.x = event.clientX;
  };
  const onUp = () => {
    if (!drag) return;
    drag = null;
    finish();
  };
  const onWheel = (event: WheelEvent) => {
    const sideways = event.shiftKey ? event.deltaX || event.deltaY : event.deltaX;
    if (event.ctrlKey) {
      const at = event.clientX - over.getBoundingClientRect().left;
      const factor = Math.exp(Math.max(-1, Math.min(1, event.deltaY / 300)));
      show(rangeAt(chart, at - at * factor, at + (over.clientWidth - at) * factor));
    } else if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) shift(sideways);
    else return;
    event.preventDefault();
    clearTimeout(rest);
    rest = setTimeout(finish, wheelRestMs);
  };

  over.addEventListener("pointerdown", onDown);
  over.addEventListener("pointermove", onPointerMove);
  over.addEventListener("pointerup", onUp);
  over.addEventListener("pointercancel", onUp);
  over.addEventListener("wheel", onWheel, { passive: false });
  return () => {
    clearTimeout(rest);
    over.removeEventListener("pointerdown", onDown);
    over.removeEventListener("pointermove", onPointerMove);
    over.removeEventListener("pointerup", onUp);
    over.removeEventListener("pointercancel", onUp);
    over.removeEventListener("wheel", onWheel);
  };
}
