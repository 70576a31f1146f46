import { useSyncExternalStore } from "react";

const never = () => () => {};

/** The key that `mod` stands for on this keyboard: ⌘ on a Mac, Ctrl elsewhere. */
export function useModKey(): "⌘" | "Ctrl" {
  return useSyncExternalStore(
    never,
    () => (/mac|iphone|ipad/i.test(navigator.userAgent) ? "⌘" : "Ctrl"),
    () => "⌘",
  );
}
