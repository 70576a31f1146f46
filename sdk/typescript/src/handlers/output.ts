/** Where handlers write, such as `process.stdout`. */
export interface Output {
  write(text: string): boolean;
  once?(event: "drain" | "close" | "error", listener: () => void): unknown;
  off?(event: "drain" | "close" | "error", listener: () => void): unknown;
}

/** Writes text, and waits if the reader is slower than the run. */
export function writeTo(output: Output, text: string): void | Promise<void> {
  if (output.write(text) || !output.once) return;
  return new Promise((resolve) => {
    // A reader that has gone never drains: then there is nothing to wait for.
    const events = ["drain", "close", "error"] as const;
    const done = () => {
      for (const event of events) output.off?.(event, done);
      resolve();
    };
    for (const event of events) output.once?.(event, done);
  });
}
