const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const pad = (value: number, width = 2) => String(value).padStart(width, "0");
const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const monthsLong =
  "January February March April May June July August September October November December".split(
    " ",
  );

/** `14:02:11` in the reader's time zone. */
export function formatClock(iso: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  return `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;
}

/** `14:02:11.042` in the reader's time zone. */
export function formatClockMillis(iso: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  return `${formatClock(iso)}.${pad(at.getMilliseconds(), 3)}`;
}

/** `20 Nov 2025, 14:02:11` in the reader's time zone, the tooltip of relative times. */
export function formatExact(iso: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  return `${at.getDate()} ${months[at.getMonth()]} ${at.getFullYear()}, ${formatClock(iso)}`;
}

/** `just now`, `42s ago`, `5m ago`, `3h ago`, `yesterday`, `6d ago`, then the date. */
export function formatRelative(iso: string, now: number): string {
  const at = Date.parse(iso);
  if (Number.isNaN(at)) return iso;
  const ago = now - at;
  if (ago < -minute) return formatExact(iso);
  if (ago < 5 * second) return "just now";
  if (ago < minute) return `${Math.floor(ago / second)}s ago`;
  if (ago < hour) return `${Math.floor(ago / minute)}m ago`;
  if (ago < day) return `${Math.floor(ago / hour)}h ago`;
  if (ago < 2 * day) return "yesterday";
  if (ago < 30 * day) return `${Math.floor(ago / day)}d ago`;
  const date = new Date(at);
  return `${date.getDate()} ${months[date.getMonth()]} ${date.getFullYear()}`;
}

function startOfDay(time: number): number {
  const date = new Date(time);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** The heading of a day's rows: `Today`, `Yesterday`, `20 November 2025`. */
export function formatDay(iso: string, now: number): string {
  const at = Date.parse(iso);
  if (Number.isNaN(at)) return iso;
  const daysAgo = Math.round((startOfDay(now) - startOfDay(at)) / day);
  if (daysAgo === 0) return "Today";
  if (daysAgo === 1) return "Yesterday";
  const date = new Date(at);
  return `${date.getDate()} ${monthsLong[date.getMonth()]} ${date.getFullYear()}`;
}
