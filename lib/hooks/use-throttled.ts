import { useEffect, useRef, useState } from "react";

/** A value that follows another at once, yet at most every `ms`: the last one always arrives. */
export function useThrottled<T>(value: T, ms: number): T {
  const [shown, setShown] = useState(value);
  const changedAt = useRef(0);

  // Timer: what changes in quick succession is gathered.
  useEffect(() => {
    if (Object.is(shown, value)) return;
    const wait = Math.max(0, changedAt.current + ms - Date.now());
    const timer = setTimeout(() => {
      changedAt.current = Date.now();
      setShown(value);
    }, wait);
    return () => clearTimeout(timer);
  }, [value, shown, ms]);

  return shown;
}
