/** What `watchPage` keeps in the page: the moment of each step, in the page's own clock. */
interface PageNotes {
  /** A frame with the step came out of the stream's reader. */
  arrived: Record<number, number>;
  /** The panel says the step in words. */
  rendered: Record<number, number>;
  /** The canvas begins to be drawn with it; without a canvas, the words are all there is to draw. */
  drawn: Record<number, number>;
  /** The frame in which both the words and the panel's canvas (if any) show it has been painted. */
  painted: Record<number, number>;
}

declare global {
  interface Window {
    benchNotes: PageNotes;
  }
}

/**
 * Runs in the page, before its own scripts: notes when a step of `series` arrives from the stream
 * and when its panel has been painted with it. Knows of the page only that the panel's section is
 * marked `data-series`, shows "step N" in the line marked `data-reading`, and clears its canvas
 * before it draws.
 */
export function watchPage(series: string): void {
  const notes: PageNotes = { arrived: {}, rendered: {}, drawn: {}, painted: {} };
  window.benchNotes = notes;
  const now = () => performance.timeOrigin + performance.now();

  const decoder = new TextDecoder();
  const { read } = ReadableStreamDefaultReader.prototype;
  const points = new RegExp(`"${series}":\\[(\\[.*?\\])\\]`, "g");
  ReadableStreamDefaultReader.prototype.read = async function (this: ReadableStreamDefaultReader) {
    const result = await read.call(this);
    if (result.value instanceof Uint8Array) {
      const moment = now();
      for (const [, tuples = ""] of decoder.decode(result.value).matchAll(points)) {
        for (const [, step] of tuples.matchAll(/\[(\d+),/g)) notes.arrived[Number(step)] ??= moment;
      }
    }
    return result;
  };

  // Whether code runs in a frame's own turn, in which case that frame paints what it changes.
  let inFrame = false;
  const frameOver = new MessageChannel();
  frameOver.port1.onmessage = () => {
    inFrame = false;
  };
  const nextFrame = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (callback) =>
    nextFrame((time) => {
      if (!inFrame) frameOver.port2.postMessage(null);
      inFrame = true;
      callback(time);
    });
  /** Calls back at the begin of the frame after the one that paints what has just changed. */
  const oncePainted = (callback: () => void) => {
    if (inFrame) nextFrame(callback);
    else nextFrame(() => nextFrame(callback));
  };

  const section = () => document.querySelector(`[data-series="${series}"]`);
  const stepInWords = () => {
    const words = section()?.querySelector("[data-reading]")?.textContent ?? "";
    return Number(/step ([\d,]+)/.exec(words)?.[1]?.replaceAll(",", "") ?? -1);
  };
  // Points that came together are shown together.
  const note = (moments: Record<number, number>, step: number, moment: number) => {
    for (let each = step; each > 0 && !(each in moments); each -= 1) moments[each] = moment;
  };
  const drawn = (step: number) => {
    note(notes.drawn, step, now());
    oncePainted(() => note(notes.painted, step, now()));
  };

  new MutationObserver(() => {
    const step = stepInWords();
    if (step < 1 || step in notes.rendered) return;
    note(notes.rendered, step, now());
    if (!section()?.querySelector("canvas")) drawn(step);
  }).observe(document, { subtree: true, childList: true, characterData: true });

  const { clearRect } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.clearRect = function (...area) {
    clearRect.apply(this, area);
    if (section()?.contains(this.canvas)) drawn(stepInWords());
  };
}
