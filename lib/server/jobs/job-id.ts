import { randomBytes } from "node:crypto";

const digits = "0123456789abcdefghjkmnpqrstvwxyz";

/** A time-sortable id: the prefix, milliseconds since 1970 (9 digits of base 32), 10 random ones. */
export function timeSortableId(prefix: string, now = Date.now()): string {
  let time = "";
  for (let rest = now, i = 0; i < 9; i++, rest = Math.floor(rest / 32)) {
    time = digits[rest % 32] + time;
  }
  const random = Array.from(randomBytes(10), (byte) => digits[byte % 32]).join("");
  return `${prefix}_${time}${random}`;
}
