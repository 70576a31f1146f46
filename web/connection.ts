import { AsyncLocalStorage } from "node:async_hooks";
import type { Socket } from "node:net";

/** The connection that the current request came in on. */
export interface Connection {
  socket: Socket;
}

/**
 * Carries the connection from the web server to the code that Next bundles, which has no other way
 * to it. A registered symbol, because the two load this module separately.
 */
export const connections: AsyncLocalStorage<Connection> = (() => {
  const key = Symbol.for("signalbox.connections");
  const host = globalThis as { [key]?: AsyncLocalStorage<Connection> };
  host[key] ??= new AsyncLocalStorage();
  return host[key];
})();
