/** Whether anybody can see the stream's page; injected, so that programs and tests have none. */
export interface PageVisibility {
  hidden(): boolean;
  /** Calls back on every change, and when the network returns; returns how to stop. */
  subscribe(onChange: () => void): () => void;
}

/** The browser tab's visibility; outside a browser, a page that is always seen. */
export const tabVisibility: PageVisibility = {
  hidden: () => typeof document !== "undefined" && document.hidden,
  subscribe(onChange) {
    if (typeof document === "undefined") return () => {};
    document.addEventListener("visibilitychange", onChange);
    window.addEventListener("online", onChange);
    return () => {
      document.removeEventListener("visibilitychange", onChange);
      window.removeEventListener("online", onChange);
    };
  },
};
