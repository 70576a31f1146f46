import { AppError } from "./errors";

/** More than any batch within its own limits has, and little enough to parse within some 50 ms. */
export const jsonLimits = { values: 500_000, fields: 100_000, containers: 150_000 } as const;

const [quote, backslash, comma, colon, bracket, brace] = [0x22, 0x5c, 0x2c, 0x3a, 0x5b, 0x7b];

/**
 * Counts what a JSON text is made of while it arrives, before it is parsed: a body of 10 MiB may
 * have millions of empty lists, whose objects would take gigabytes and seconds.
 */
export class JsonCount {
  #values = 0;
  #fields = 0;
  #containers = 0;
  #inText = false;
  #escaped = false;

  /** @throws AppError bad_request beyond a limit */
  add(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at];
      if (this.#inText) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === backslash) this.#escaped = true;
        else if (byte === quote) this.#inText = false;
      } else if (byte === quote) this.#inText = true;
      else if (byte === comma) this.#values += 1;
      else if (byte === colon) this.#fields += 1;
      else if (byte === bracket || byte === brace) this.#containers += 1;
    }
    this.#require("values", this.#values + 1);
    this.#require("fields", this.#fields);
    this.#require("containers", this.#containers);
  }

  #require(what: keyof typeof jsonLimits, count: number): void {
    if (count <= jsonLimits[what]) return;
    const noun = what === "containers" ? "lists and objects" : what;
    throw new AppError(
      "bad_request",
      `The body has more than ${jsonLimits[what].toLocaleString("en")} ${noun}.`,
    );
  }
}
