import { diffArrays } from "diff";

export const diffLevels = ["words", "characters"] as const;
export type DiffLevel = (typeof diffLevels)[number];

export interface DiffPart {
  /** `removed` stands in the text before only, `added` in the text after only. */
  kind: "same" | "added" | "removed";
  text: string;
}

/** Beyond these the marks would cost seconds and show nothing that one could read. */
const mostTokens = 20_000;
const mostEdits = 1_000;

const segmenters = {
  words: new Intl.Segmenter(undefined, { granularity: "word" }),
  characters: new Intl.Segmenter(undefined, { granularity: "grapheme" }),
};

/** Words with spaces and signs between them, or characters as people see them. */
function tokenize(text: string, level: DiffLevel): string[] | null {
  // A segmenter is slow on long texts, and no token is longer than the text.
  if (text.length > mostTokens * 8) return null;
  const tokens: string[] = [];
  for (const { segment } of segmenters[level].segment(text)) {
    tokens.push(segment);
    if (tokens.length > mostTokens) return null;
  }
  return tokens;
}

/**
 * What turns one text into another, in reading order; joined without the removed parts it is
 * `after`, without the added ones `before`. Null where the texts are too long or too different.
 */
export function diffAnswers(before: string, after: string, level: DiffLevel): DiffPart[] | null {
  if (before === after) return before === "" ? [] : [{ kind: "same", text: before }];
  const old = tokenize(before, level);
  const now = tokenize(after, level);
  if (!old || !now) return null;
  const changes = diffArrays(old, now, { maxEditLength: mostEdits });
  return (
    changes?.map(({ added, removed, value }) => ({
      kind: added ? "added" : removed ? "removed" : "same",
      text: value.join(""),
    })) ?? null
  );
}

/** Words where there are several, characters where the texts are single words. */
export function fittingLevel(...texts: readonly (string | null)[]): DiffLevel {
  return texts.some((text) => text !== null && /\S\s+\S/.test(text.slice(0, 2000)))
    ? "words"
    : "characters";
}

/** The first parts of a difference, about so many characters; `hidden` counts the rest. */
export function cutParts(
  parts: readonly DiffPart[],
  characters: number,
): { parts: DiffPart[]; hidden: number } {
  const shown: DiffPart[] = [];
  let room = characters;
  let hidden = 0;
  for (const part of parts) {
    if (part.text.length <= room) shown.push(part);
    else {
      let end = Math.max(0, room);
      const code = part.text.charCodeAt(end - 1);
      if (end > 0 && code >= 0xd800 && code < 0xdc00) end -= 1;
      if (end > 0) shown.push({ ...part, text: part.text.slice(0, end) });
      hidden += part.text.length - end;
    }
    room -= part.text.length;
  }
  return { parts: shown, hidden };
}
