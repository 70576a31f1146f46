/** Whether anybody can see the stream's page; injected, so that programs and tests have none. */
export interface PageVisibility {
  hidden(): boolean;
  /**
   * Calls back on every change, and when the network returns; `onSlotRequested` when another page of
   * this browser wants to connect. Returns how to stop.
   */
  subscribe(onChange: () => void, onSlotRequested: () => void): () => void;
  /** Tells the browser's other pages that this one is about to connect. */
  requestSlot(): void;
}

const channelName = "signalbox-streams";

/**
 * The browser tab's visibility; outside a browser, a page that is always seen. Tabs make room for
 * each other because browsers open six HTTP/1.1 connections to a host, over all tabs: streams that
 * nobody looks at would keep the next page from loading.
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
