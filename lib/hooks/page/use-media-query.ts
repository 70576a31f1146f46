import { useCallback, useSyncExternalStore } from "react";

/** Whether a media query holds; false on the server and while hydrating. */
function useMediaQuery(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const media = window.matchMedia(query);
      media.addEventListener("change", listener);
      return () => media.removeEventListener("change", listener);
    },
    [query],
  );
  return useSyncExternalStore(
    subscribe,
    () => window.matchMedia(query).matches,
    () => false,
  );
}

/** Whether the page is so narrow that tables use two-line rows. */
export function usePhone(): boolean {
  return useMediaQuery("(max-width: 639px)");
}
