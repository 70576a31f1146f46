"use client";

import { useSyncExternalStore } from "react";

const never = () => () => {};

/** Where this page came from, for snippets; the default address until the browser knows. */
export function useOrigin(): string {
  return useSyncExternalStore(
    never,
    () => window.location.origin,
    () => "http://127.0.0.1:3000",
  );
}
