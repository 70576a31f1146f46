"use client";

import { useSyncExternalStore } from "react";

const never = () => () => {};

/** The page's origin, for snippets; a default until the browser knows it. */
export function useOrigin(): string {
  return useSyncExternalStore(
    never,
    () => window.location.origin,
    () => "http://127.0.0.1:3000",
  );
}
