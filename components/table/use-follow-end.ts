import { type RefObject, useLayoutEffect, useRef } from "react";

export interface FollowEnd {
  following: boolean;
  /** Called when the reader scrolls away from the end, or back to it. */
  onChange: (following: boolean) => void;
}

/** Within this distance the reader counts as being at the end. */
const nearEndPx = 20;

/** Keeps the end of a scroll area in view while rows arrive, until the reader scrolls up. */
export function useFollowEnd(
  scroller: RefObject<HTMLElement | null>,
  follow: FollowEnd | null,
  height: number,
): () => void {
  const lastTop = useRef(0);
  const following = follow?.following ?? false;

  // The scroll position: the end, also after a row was measured taller than estimated.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height moves the end.
  useLayoutEffect(() => {
    const element = scroller.current;
    if (following && element) element.scrollTop = element.scrollHeight;
  }, [following, height, scroller]);

  return () => {
    const element = scroller.current;
    if (!element) return;
    const up = element.scrollTop < lastTop.current - 1;
    lastTop.current = element.scrollTop;
    if (!follow) return;
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < nearEndPx;
    if (atEnd && !following) follow.onChange(true);
    else if (up && !atEnd && following) follow.onChange(false);
  };
}
