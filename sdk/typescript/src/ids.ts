import { randomBytes } from "node:crypto";

/** An id that sorts by its creation time: `<prefix>_` + time + 80 random bits. */
export function newId(prefix: string, now: number): string {
  return `${prefix}_${now.toString(36).padStart(9, "0")}${randomBytes(10).toString("hex")}`;
}
