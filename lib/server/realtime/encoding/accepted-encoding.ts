/** The content codings of a stream, the preferred one first: the work of gzip is shared by viewers. */
const streamEncodings = ["gzip", "br", "zstd", "identity"] as const;
export type StreamEncoding = (typeof streamEncodings)[number];

/**
 * The coding that a client wants most by its `Accept-Encoding` (RFC 9110, section 12.5.3). Plain text
 * where it names none of ours, or refuses them all.
 */
export function acceptedEncoding(header: string | null): StreamEncoding {
  if (header === null) return "identity";
  const weights = weightsOf(header);
  const weightOf = (coding: StreamEncoding): number => {
    const own = weights.get(coding) ?? (coding === "gzip" ? weights.get("x-gzip") : undefined);
    // Plain text is always acceptable unless refused, but any named coding comes before it.
    return own ?? weights.get("*") ?? (coding === "identity" ? Number.MIN_VALUE : 0);
  };
  let best: StreamEncoding = "identity";
  let bestWeight = 0;
  for (const coding of streamEncodings) {
    const weight = weightOf(coding);
    if (weight > bestWeight) [best, bestWeight] = [coding, weight];
  }
  return best;
}

/** `gzip;q=0.5, br` → gzip 0.5, br 1. A malformed weight counts as a refusal. */
function weightsOf(header: string): Map<string, number> {
  const weights = new Map<string, number>();
  for (const part of header.toLowerCase().split(",")) {
    const [coding = "", ...parameters] = part.split(";").map((text) => text.trim());
    if (coding === "") continue;
    const q = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
    const weight = q === undefined ? 1 : /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(q) ? Number(q) : 0;
    weights.set(coding, weight);
  }
  return weights;
}
