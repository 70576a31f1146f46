import { SignalboxClient } from "../client.ts";
import type { CliContext } from "./context.ts";
import { ownerSettings } from "./owner-key.ts";

/**
 * A new link that signs one browser in as the owner of the dashboard, from the key that its start left on
 * this machine; null anywhere else.
 */
export async function ownerLink(cli: CliContext): Promise<string | null> {
  const { baseUrl, apiKey } = ownerSettings(cli);
  if (apiKey === null) return null;
  const owner = new SignalboxClient({ baseUrl, apiKey, environment: cli.io.environment });
  const link = await owner.request<{ url: string }>("POST", "/api/auth/links", {
    body: {},
    signal: cli.signal,
  });
  return link.url;
}
