import { useEffect, useRef, useState } from "react";

/** Duration of a full playback, within the limits per epoch below. */
const playbackMs = 12_000;

/** Plays the epochs up to the last one. */
export function usePlay(index: number, count: number, onIndex: (index: number) => void) {
  const [playing, setPlaying] = useState(false);
  const latest = useRef({ index, onIndex });

  // Keeps the timer below in step with the last render.
  useEffect(() => {
    latest.current = { index, onIndex };
  });

  // Timer: advances one epoch per tick.
  useEffect(() => {
    if (!playing) return;
    const every = Math.min(700, Math.max(120, playbackMs / Math.max(1, count)));
    const timer = setInterval(() => {
      const next = latest.current.index + 1;
      if (next >= count - 1) setPlaying(false);
      if (next < count) latest.current.onIndex(next);
    }, every);
    return () => clearInterval(timer);
  }, [playing, count]);

  const toggle = () => {
    if (!playing && index >= count - 1) onIndex(0);
    setPlaying(!playing);
  };
  return { playing, toggle, stop: () => setPlaying(false) };
}
