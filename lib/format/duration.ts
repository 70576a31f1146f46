const pad = (value: number) => String(value).padStart(2, "0");

/** A duration in at most two units: `0.4s`, `42s`, `2m 14s`, `1h 02m`, `3d 4h`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "–";
  const length = Math.max(0, seconds);
  if (length < 10 && length % 1 !== 0 && length.toFixed(1) !== "10.0") {
    return `${Number(length.toFixed(1))}s`;
  }
  const whole = Math.round(length);
  if (whole < 60) return `${whole}s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}m ${pad(whole % 60)}s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours}h ${pad(minutes % 60)}m`;
  return `${Math.floor(hours / 24)}d ${hours % 24}h`;
}

/** As `formatDuration`, in whole seconds, for values that tick. */
export function formatTicking(seconds: number): string {
  return formatDuration(Math.round(Math.max(0, seconds)));
}
