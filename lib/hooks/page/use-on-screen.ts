import { type RefObject, useEffect, useState } from "react";

/** Whether an element is on the screen or within `margin` of it. */
export function useOnScreen(ref: RefObject<Element | null>, margin = "240px"): boolean {
  const [onScreen, setOnScreen] = useState(false);

  // The viewport.
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const observer = new IntersectionObserver(
      (entries) => setOnScreen(entries.at(-1)?.isIntersecting ?? false),
      { rootMargin: margin },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref, margin]);

  return onScreen;
}
