import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { Turn } from "../../lib/fair-queue/fair-queue.ts";
import type { Secrets } from "./keys.ts";

/** Names the user for whom the holder of the secret key calls. */
const userHeader = "x-signalbox-user";
/** Marks a call for which nobody waits. */
const bulkHeader = "x-signalbox-bulk";
const bulkBytes = 64 * 1024;

const claimsSchema = z.object({ sub: z.string() });

/** Whose turn a request takes: a user's, where its key or token shows for whom it is. */
export function turnOf({ headers }: Request, secrets: Secrets): Turn {
  const bulk = Number(headers.get("content-length")) > bulkBytes || headers.has(bulkHeader);
  if (headers.get("apikey") === secrets.secretKey) {
    return { user: headers.get(userHeader) ?? "service", bulk };
  }
  const token = /^Bearer (\S+)$/.exec(headers.get("authorization") ?? "")?.[1];
  return { user: (token && subjectOf(token, secrets.jwtSecret)) ?? "anonymous", bulk };
}

/** The user of an access token that this server has signed. */
function subjectOf(token: string, secret: string): string | undefined {
  const [head, claims, signature] = token.split(".");
  if (!head || !claims || !signature) return undefined;
  const expected = createHmac("sha256", secret).update(`${head}.${claims}`).digest();
  const given = Buffer.from(signature, "base64url");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  try {
    const parsed = claimsSchema.safeParse(JSON.parse(Buffer.from(claims, "base64url").toString()));
    return parsed.success ? parsed.data.sub : undefined;
  } catch {
    return undefined;
  }
}
