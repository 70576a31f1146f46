/** No frame is larger, whatever was stored. */
export const maxFrameBytes = 1024 * 1024;

/** Room for a frame's name, cursor and run. */
const roomForHead = 4 * 1024;
const maxDataBytes = maxFrameBytes - roomForHead;

/** Texts are cut to the first of these lengths that makes the frame small enough. */
const textLengths = [64 * 1024, 16 * 1024, 4 * 1024, 1024, 256, 64];

/**
 * A frame's data as JSON that fits a frame. Only what a single row has can be too large: then its
 * texts are cut, lists and objects at last, and the data (of a prediction: the prediction) says
 * `truncated`.
 */
export function frameJson(data: unknown): string {
  const json = JSON.stringify(data);
  if (fits(json)) return json;
  for (const longest of textLengths) {
    const cut = JSON.stringify(marked(cutTexts(data, longest)));
    if (fits(cut)) return cut;
  }
  return JSON.stringify(marked(withoutLarge(cutTexts(data, 64))));
}

export function fits(json: string): boolean {
  // A UTF-16 unit takes at most three bytes: most frames need not be measured.
  return json.length * 3 <= maxDataBytes || Buffer.byteLength(json) <= maxDataBytes;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function marked(data: unknown): unknown {
  if (!isObject(data)) return data;
  if (isObject(data.prediction)) {
    return { ...data, prediction: { ...data.prediction, truncated: true } };
  }
  return { ...data, truncated: true };
}

function cutTexts(value: unknown, longest: number): unknown {
  if (typeof value === "string") {
    return value.length <= longest ? value : value.slice(0, longest).toWellFormed();
  }
  if (Array.isArray(value)) return value.map((item) => cutTexts(item, longest));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, cutTexts(item, longest)]),
  );
}

/** Without the lists and objects that are large although their texts are short. */
function withoutLarge(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(smallOrEmpty);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, smallOrEmpty(item)]),
  );
}

function smallOrEmpty(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const kept = withoutLarge(value);
  if (JSON.stringify(kept).length <= 16 * 1024) return kept;
  return Array.isArray(value) ? [] : {};
}
