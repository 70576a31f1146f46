import { expect } from "vitest";
import { bearer, type Dashboard } from "./dashboard.ts";

/**
 * Reads server-sent events as clients do that split each chunk into lines and forget, at its end,
 * what a frame has had so far: a frame that is spread over two chunks is lost to them.
 * @param take called with each frame; false ends the reading
 * @returns the kinds of the frames, in their order
 */
export async function readFramesByLines(
  url: string,
  headers: Record<string, string>,
  take: (kind: string, data: unknown) => Promise<boolean>,
): Promise<string[]> {
  const response = await fetch(url, { headers });
  expect(response.status).toBe(200);
  const kinds: string[] = [];
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of response.body ?? []) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    let kind = "";
    let data = "";
    for (const line of lines) {
      if (line.startsWith("event:")) kind = line.slice(6).trim();
      else if (line.startsWith("data:")) data = line.slice(5).trim();
      else if (line === "" && kind && data) {
        kinds.push(kind);
        if (!(await take(kind, JSON.parse(data)))) return kinds;
        kind = data = "";
      }
    }
  }
  return kinds;
}

/** Reads the JSON of every `data:` line until the stream ends, whatever kind of frame it is of. */
export async function* readData<T>(dashboard: Dashboard, path: string): AsyncGenerator<T> {
  const response = await fetch(dashboard.url + path, {
    headers: { Accept: "text/event-stream", ...bearer(dashboard.apiKey) },
  });
  expect(response.status).toBe(200);
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of response.body ?? []) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.startsWith("data:")) yield JSON.parse(line.slice(5)) as T;
  }
}
