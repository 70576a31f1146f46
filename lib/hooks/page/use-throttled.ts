import { useLayoutEffect, useRef, useState } from "react";

/**
 * A value throttled to one change per `ms`; the last change always arrives.
 * @param lateMs extra delay for the last change, so that one soon after it does not render
 * separately
 */
export function useThrottled<T>(value: T, ms: number, lateMs = 0): T {
  const [shown, setShown] = useState(value);
  const changedAt = useRef(Number.NEGATIVE_INFINITY);

  // Timer: delivers the last of several quick changes.
  useLayoutEffect(() => {
    if (Object.is(shown, value)) return;
    const show = () => {
      changedAt.current = performance.now();
      setShown(value);
    };
    const wait = changedAt.current + ms - performance.now();
    if (wait <= 0) return show();
    const timer = setTimeout(show, wait + lateMs);
    return () => clearTimeout(timer);
  }, [value, shown, ms, lateMs]);

  return shown;
}
