import { processSingleton } from "../process-singleton";

const keepMs = 30_000;

/**
 * A `fetch` for Supabase Auth that makes one refresh of several concurrent ones for the same expired
 * session. A refresh token works once, and a second use would sign the browser out.
 */
export const fetchRefreshingOnce: typeof fetch = async (input, init) => {
  const url = input instanceof Request ? input.url : String(input);
  if (!url.includes("grant_type=refresh_token") || typeof init?.body !== "string") {
    return fetch(input, init);
  }
  const renewals = processSingleton("renewals", () => new Map<string, Promise<Response>>());
  const key = init.body;
  let renewal = renewals.get(key);
  if (!renewal) {
    renewal = fetch(input, init);
    renewals.set(key, renewal);
    const forget = () => renewals.delete(key);
    renewal.then((response) => {
      if (response.ok) setTimeout(forget, keepMs).unref();
      else forget();
    }, forget);
  }
  return (await renewal).clone();
};
