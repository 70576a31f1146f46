import { useLayoutEffect, useRef, useState } from "react";

/**
 * A value that follows another at once, yet at most every `ms`; the last one always arrives.
 * @param lateMs how much later the last one may come, so that a further change soon after brings
 * the news along without a render of its own
 */
export function useThrottled<T>(value: T, ms: number, lateMs = 0): T {
  const [shown, setShown] = useState(value);
  const changedAt = useRef(0);

  // Timer: what changes in quick succession is gathered.
  useLayoutEffect(() => {
    if (Object.is(shown, value)) return;
    const show = () => {
      changedAt.current = Date.now();
      setShown(value);
    };
    const wait = changedAt.current + ms - Date.now();
    if (wait <= 0) return show();
    const timer = setTimeout(show, wait + lateMs);
    return () => clearTimeout(timer);
  }, [value, shown, ms, lateMs]);

  return shown;
}
