import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { link, rm } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { request as secureRequest } from "node:https";
import { pipeline } from "node:stream/promises";
import { errorOf } from "../http.ts";

export interface Download {
  url: string;
  apiKey: string;
  file: string;
  signal: AbortSignal;
}

/**
 * Writes the reply to a POST into a new file that only this user can read, once it is complete and has the
 * checksum that the server names. Returns its bytes.
 * @throws SignalboxError of a refusal; Error if the file exists or what arrived is not what was sent
 */
export async function download({ url, apiKey, file, signal }: Download): Promise<number> {
  const reply = await post(url, apiKey, signal);
  if (reply.statusCode !== 200) throw await refusalOf(reply);
  const part = `${file}.part`;
  const hash = createHash("sha256");
  let bytes = 0;
  try {
    const hashed = async function* (source: AsyncIterable<Buffer>) {
      for await (const chunk of source) {
        hash.update(chunk);
        bytes += chunk.length;
        yield chunk;
      }
    };
    await pipeline(reply, hashed, createWriteStream(part, { mode: 0o600, flush: true }), {
      signal,
    });
    if (hash.digest("hex") !== reply.headers["x-checksum-sha256"]) {
      throw new Error("What arrived is not what the dashboard sent. Try again.");
    }
    // Unlike a rename, it does not replace a file that has come meanwhile.
    await link(part, file);
    return bytes;
  } finally {
    await rm(part, { force: true });
  }
}

/** Not by `fetch`, which gives up after five minutes without an answer: making a large backup takes longer. */
function post(url: string, apiKey: string, signal: AbortSignal): Promise<IncomingMessage> {
  const send = url.startsWith("https:") ? secureRequest : request;
  return new Promise((resolve, reject) => {
    const options = { method: "POST", headers: { "X-API-Key": apiKey }, signal };
    send(url, options, resolve).on("error", reject).end();
  });
}

async function refusalOf(reply: IncomingMessage): Promise<Error> {
  const parts: Buffer[] = [];
  for await (const part of reply) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString();
  const headers = new Headers();
  for (const [name, value] of Object.entries(reply.headers)) headers.set(name, String(value));
  const response = new Response(text, { status: reply.statusCode ?? 500, headers });
  return errorOf(response, parsed(text), Date.now());
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
