import { frameJson } from "./fit-frame.ts";

const encoder = new TextEncoder();

/** One server-sent event as text. `data` is written as JSON, which never holds a line break. */
export function frameText(event: string, data: unknown, id?: string): string {
  return writtenFrame(event, frameJson(data), id);
}

/** The same of data that is JSON already. */
export function writtenFrame(event: string, json: string, id?: string): string {
  const head = id === undefined ? "" : `id: ${id}\n`;
  return `${head}event: ${event}\ndata: ${json}\n\n`;
}

/** One server-sent event as bytes, ready to be shared by every viewer it goes to. */
export function frameBytes(event: string, data: unknown, id?: string): Uint8Array {
  return encoder.encode(frameText(event, data, id));
}

export function toBytes(text: string): Uint8Array {
  return encoder.encode(text);
}
