/** Whether the stream's page is visible; injected, because programs and tests have no page. */
export interface PageVisibility {
  hidden(): boolean;
  /**
   * Calls back on every change, and when the network returns; `onSlotRequested` when another page of
   * this browser is about to connect. Returns the unsubscribe function.
   */
  subscribe(onChange: () => void, onSlotRequested: () => void): () => void;
  /** Asks the browser's other pages for a connection slot, because this one is about to connect. */
  requestSlot(): void;
}

const channelName = "signalbox-streams";

/**
 * The browser tab's visibility; outside a browser, always visible. Hidden tabs give up their
 * connection for others, because browsers open six HTTP/1.1 connections to a host over all tabs:
 * hidden streams would keep the next page from loading.
 */
export const tabVisibility: PageVisibility = {
  hidden: () => typeof document !== "undefined" && document.hidden,
  subscribe(onChange, onSlotRequested) {
    if (typeof document === "undefined") return () => {};
    const channel = new BroadcastChannel(channelName);
    channel.addEventListener("message", onSlotRequested);
    document.addEventListener("visibilitychange", onChange);
    window.addEventListener("online", onChange);
    return () => {
      channel.close();
      document.removeEventListener("visibilitychange", onChange);
      window.removeEventListener("online", onChange);
    };
  },
  requestSlot() {
    if (typeof document === "undefined") return;
    const channel = new BroadcastChannel(channelName);
    channel.postMessage("slot");
    channel.close();
  },
};
