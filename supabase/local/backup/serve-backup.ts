import { createHash, timingSafeEqual } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, rm, stat } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Log } from "../log.ts";
import { BackupError, backupName } from "./make-backup.ts";

export type BackupEndpoint = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;

/**
 * Answers `POST /signalbox/backup` with a backup that was written, read back and compared before the first byte
 * is sent, so that a slow reader holds nothing up.
 * @param folder where it lies until it is sent
 */
export function serveBackup(
  { secretKey, folder, log }: { secretKey: string; folder: string; log: Log },
  backUp: (file: string) => Promise<void>,
): BackupEndpoint {
  return async (incoming, outgoing) => {
    if (!isKey(incoming.headers.apikey, secretKey)) return refuse(outgoing, 401, "Unauthorized");
    if (incoming.method !== "POST") return refuse(outgoing, 405, "Method not allowed");
    const name = backupName(new Date());
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // The name ends in .part, so that a rest that a crash leaves is known for one.
    const file = join(folder, `sent-${process.pid}-${performance.now()}.part`);
    try {
      await backUp(file);
      const { size } = await stat(file);
      outgoing.writeHead(200, {
        "Content-Type": "application/gzip",
        "Content-Length": size,
        "X-Checksum-SHA256": await sha256Of(file),
        "Content-Disposition": `attachment; filename="${name}"`,
      });
      await pipeline(createReadStream(file), outgoing);
    } catch (error) {
      log(`The backup failed: ${String(error)}`);
      if (outgoing.headersSent) outgoing.destroy();
      else
        refuse(outgoing, 507, error instanceof BackupError ? error.message : "The backup failed.");
    } finally {
      await rm(file, { force: true });
    }
  };
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  const content = createReadStream(file, { highWaterMark: 1024 * 1024 });
  for await (const chunk of content) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

function isKey(given: string | string[] | undefined, key: string): boolean {
  const [a, b] = [Buffer.from(String(given)), Buffer.from(key)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function refuse(outgoing: ServerResponse, status: number, message: string): void {
  outgoing.writeHead(status, { "Content-Type": "application/json" });
  outgoing.end(JSON.stringify({ message }));
}
