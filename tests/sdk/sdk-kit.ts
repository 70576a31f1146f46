import { SignalboxClient } from "../../sdk/typescript/src/index.ts";
import type { TestApi } from "../api/kit.ts";

const baseUrl = "http://127.0.0.1:3000";

/** A `fetch` that asks the dashboard's routes, without a socket in between. */
function fetchOf(api: TestApi): typeof fetch {
  return (input, init = {}) => {
    const { pathname, search } = new URL(String(input));
    const { body, signal } = init;
    return api.send(init.method ?? "GET", pathname + search, {
      headers: Object.fromEntries(new Headers(init.headers)),
      ...(typeof body === "string" && { body }),
      ...(signal && { signal }),
    });
  };
}

export function clientOf(api: TestApi, apiKey: string): SignalboxClient {
  return new SignalboxClient({ baseUrl, apiKey, fetch: fetchOf(api), retries: 0 });
}
