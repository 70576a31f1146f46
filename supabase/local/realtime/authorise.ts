import { timingSafeEqual } from "node:crypto";
import { z } from "zod";

/** What a socket may do: `service` holds the secret key, `client` the publishable one. */
export type Authority = "service" | "client";

type Keys = { publishableKey: string; secretKey: string };

const joinSchema = z.object({
  access_token: z.string().nullish(),
  config: z
    .object({
      private: z.boolean().optional(),
      presence: z.object({ enabled: z.boolean().optional() }).optional(),
      postgres_changes: z.array(z.unknown()).optional(),
    })
    .optional(),
});

/** The authority of an API key; undefined where this server doesn't know the key. */
export function authorityOfKey(key: string | null, keys: Keys): Authority | undefined {
  if (same(key ?? "", keys.secretKey)) return "service";
  if (same(key ?? "", keys.publishableKey)) return "client";
  return undefined;
}

/** A token takes precedence over the key that opened the socket, as on hosted Supabase. */
export function authorityOfToken(
  token: string | null | undefined,
  opened: Authority,
  keys: Keys,
): Authority {
  if (!token) return opened;
  return same(token, keys.secretKey) ? "service" : "client";
}

/** A granted join and its topics, or the reason for its refusal. */
export type JoinDecision =
  | { granted: true; private: boolean; authority: Authority }
  | { granted: false; reason: string };

/**
 * Authorizes a join of `topic` (without the `realtime:` prefix). It does not query the database, so
 * the answer cannot reveal whether a job exists.
 */
export function decideJoin(
  topic: string,
  payload: unknown,
  opened: Authority,
  keys: Keys,
): JoinDecision {
  const parsed = joinSchema.safeParse(payload);
  if (!parsed.success) return refuse("Malformed join payload");
  const { access_token: token, config } = parsed.data;
  if (config?.presence?.enabled) {
    return refuse("Presence is not available on the embedded Supabase");
  }
  if ((config?.postgres_changes?.length ?? 0) > 0) {
    return refuse("postgres_changes is not available on the embedded Supabase; use broadcast");
  }
  const isPrivate = config?.private ?? false;
  const authority = authorityOfToken(token, opened, keys);
  return mayHear(topic, isPrivate, authority)
    ? { granted: true, private: isPrivate, authority }
    : refuse(`Unauthorized: You do not have permissions to read from this Channel topic: ${topic}`);
}

/** Only the service may join private channels, and the topics of jobs and users. */
export function mayHear(topic: string, isPrivate: boolean, authority: Authority): boolean {
  return authority === "service" || !(isPrivate || /^(job|user):/.test(topic));
}

function refuse(reason: string): JoinDecision {
  return { granted: false, reason };
}

function same(given: string, expected: string): boolean {
  const left = Buffer.from(given);
  const right = Buffer.from(expected);
  return left.length === right.length && timingSafeEqual(left, right);
}
