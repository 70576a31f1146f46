import { AsyncLocalStorage } from "node:async_hooks";
import type { Socket } from "node:net";

/** The connection that the current request came in on. */
export interface Connection {
  socket: Socket;
  /** The client's address, or its IPv6 network, for counting what it does. */
  address: string;
  /** Whether the request's own headers show that a proxy passed it on. */
  forwarded: boolean;
  /** Says that the reply's body is encoded so. Next drops this header from what routes answer. */
  setContentEncoding(coding: string): void;
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

const proxyHeader = /^(forwarded|via|x-forwarded-.*|x-real-ip|x-client-ip|x-original-.*|cf-.*)$/;

/** Read before Next adds `X-Forwarded-…` headers of its own. */
export function isForwarded(headers: NodeJS.Dict<string | string[]>, httpVersion: string): boolean {
  return httpVersion === "1.0" || Object.keys(headers).some((name) => proxyHeader.test(name));
}
