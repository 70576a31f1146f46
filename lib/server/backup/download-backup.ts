import type { IncomingMessage } from "node:http";
import { request } from "node:http";
import { Readable } from "node:stream";
import { requireLocalOwner } from "../auth/local/local-owner";
import type { UserPrincipal } from "../auth/principal";
import { env } from "../env";
import { AppError } from "../errors";

/**
 * A backup of the data folder, made by the embedded database's process.
 * @throws AppError unsupported with a Supabase of the user's own; forbidden unless the caller is the local
 *   owner; backend_unavailable if it cannot be made, with the reason
 */
export async function downloadBackup(principal: UserPrincipal): Promise<Response> {
  const { SIGNALBOX_OWNER_EMAIL, SUPABASE_URL, SUPABASE_SECRET_KEY } = env();
  if (SIGNALBOX_OWNER_EMAIL === undefined) {
    throw new AppError(
      "unsupported",
      "This dashboard stores its data in a Supabase of its own: back that up with pg_dump, see docs/operations/backups.md.",
    );
  }
  await requireLocalOwner(principal, "back up this dashboard");
  const url = new URL("/signalbox/backup", SUPABASE_URL);
  const reply = await post(url, SUPABASE_SECRET_KEY).catch((cause: unknown) => {
    throw new AppError("backend_unavailable", "The database is not responding.", { cause });
  });
  if (reply.statusCode !== 200) throw await refusal(reply);
  const headers = ["content-type", "content-length", "content-disposition", "x-checksum-sha256"];
  return new Response(Readable.toWeb(reply) as ReadableStream<Uint8Array>, {
    headers: headers.flatMap((name) => {
      const value = reply.headers[name];
      return typeof value === "string" ? [[name, value] as [string, string]] : [];
    }),
  });
}

/** Not by `fetch`, which gives up after five minutes without an answer: a large backup takes longer. */
function post(url: URL, apikey: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request(url, { method: "POST", headers: { apikey } }, resolve).on("error", reject).end();
  });
}

async function refusal(reply: IncomingMessage): Promise<AppError> {
  const parts: Buffer[] = [];
  for await (const part of reply) parts.push(part as Buffer);
  const body: unknown = JSON.parse(Buffer.concat(parts).toString());
  const message =
    typeof body === "object" && body !== null && "message" in body ? body.message : "";
  return new AppError("backend_unavailable", String(message));
}
