import { processSingleton } from "../process-singleton";
import { callRpc } from "../rpc/call-rpc";
import { notifier, realtime } from "./source/notifier.ts";
import { supabaseFeed } from "./source/supabase-feed.ts";
import { createStreamHub, type StreamHub } from "./stream-hub.ts";

/** This process's stream hub on the real database. */
export function streamHub(): StreamHub {
  return processSingleton("stream-hub", () => {
    const hub = createStreamHub({
      feed: supabaseFeed(callRpc),
      notifier: notifier(),
      log: (message, error) => console.warn(`[stream] ${message}`, error ?? ""),
    });
    openHubs().add(hub);
    return hub;
  });
}

/** The hub if one was created; a server that stops without having streamed creates none. */
function openHubs(): Set<StreamHub> {
  return processSingleton("open-stream-hubs", () => new Set<StreamHub>());
}

/** Ends every open stream and every subscription, so that the server can stop at once. */
export function closeStreams(): void {
  for (const hub of openHubs()) {
    hub.shutdown();
    notifier().closeAll();
    realtime().close();
  }
}
