import { createHmac, randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";
import { env } from "../env";

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** `length` uniformly random base-62 characters. */
function randomBase62(length: number): string {
  let text = "";
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < 248 && text.length < length) text += base62[byte % 62];
    }
  }
  return text;
}

function checksum(text: string): string {
  let rest = crc32(text);
  let digits = "";
  for (let i = 0; i < 6; i++) {
    digits = base62[rest % 62] + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

/** A new API key: `sbx_`, 30 random characters and the CRC-32 of those, all in base 62. */
export function newApiKey(): string {
  const body = randomBase62(30);
  return `sbx_${body}${checksum(body)}`;
}

/** Whether a text has the form of an API key; a mistyped one is rejected without a lookup. */
export function isWellFormedApiKey(text: string): boolean {
  const match = /^sbx_([0-9A-Za-z]{30})([0-9A-Za-z]{6})$/.exec(text);
  return match?.[1] !== undefined && checksum(match[1]) === match[2];
}

/** A random salt for the token of an attached job's attempt. */
export function newTokenSalt(): string {
  return randomBase62(24);
}

/**
 * The token of an attached job's attempt: `sbj_` and 40 characters of base 62. It is derived from a
 * stored salt, so that attaching again returns the same token although only its hash is stored.
 */
export function attachedJobToken(salt: string): string {
  const mac = createHmac("sha512", env().SIGNALBOX_SECRET)
    .update(`attached-token:${salt}`)
    .digest("hex");
  let rest = BigInt(`0x${mac}`);
  let text = "";
  for (; text.length < 40; rest /= 62n) text += base62[Number(rest % 62n)];
  return `sbj_${text}`;
}

/** The token of a sign-in link: 40 random characters. */
export function newLinkToken(): string {
  return randomBase62(40);
}

/** The keyed hash (HMAC-SHA-256, hex) under which keys and tokens are stored and found. */
export function secretHash(secret: string): string {
  return createHmac("sha256", env().SIGNALBOX_SECRET).update(secret).digest("hex");
}

/**
 * The token of a job that a training backend runs. It is derived from what starts the attempt (the
 * job itself, or the command that resumes it), so that a dispatch can be repeated after a crash
 * although only the hash is stored.
 */
export function managedJobToken(jobId: string, resume?: { commandId: string }): string {
  // Clients choose the ids of commands: without the prefix, one could be `start`.
  const startedBy = resume ? `resume:${resume.commandId}` : "start";
  const mac = createHmac("sha256", env().SIGNALBOX_SECRET).update(
    `job-token:${jobId}:${startedBy}`,
  );
  return `sbj_${mac.digest("base64url")}`;
}
