/** A reader's place in a job's stream: it has every row of this generation up to `seq`. */
export interface StreamCursor {
  generation: string;
  seq: number;
}

export function formatCursor({ generation, seq }: StreamCursor): string {
  return `${generation}-${seq}`;
}

/** Returns null for anything that is not `<generation>-<seq>`. */
export function parseCursor(text: string): StreamCursor | null {
  const match = /^([a-z0-9]{4,32})-(0|[1-9]\d{0,15})$/.exec(text);
  if (!match?.[1] || !match[2]) return null;
  const seq = Number(match[2]);
  return Number.isSafeInteger(seq) ? { generation: match[1], seq } : null;
}
