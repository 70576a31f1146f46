import { diffArrays } from "diff";

export const diffLevels = ["words", "characters"] as const;
export type DiffLevel = (typeof diffLevels)[number];

export interface DiffPart {
  /** `removed` is in the old text only, `added` in the new text only. */
  kind: "same" | "added" | "removed";
  text: string;
}

/** Longer diffs would take seconds and be unreadable. */
const mostTokens = 20_000;
const mostEdits = 1_000;

const segmenters = {
  words: new Intl.Segmenter(undefined, { granularity: "word" }),
  characters: new Intl.Segmenter(undefined, { granularity: "grapheme" }),
};

/** Words with the spaces and punctuation between them, or graphemes. */
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
 * The diff of two texts. Joined without the removed parts it is `after`, without the added ones
 * `before`. Null where the texts are too long or too different.
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

/** Words for texts of several words, characters for single words. */
export function fittingLevel(...texts: readonly (string | null)[]): DiffLevel {
  return texts.some((text) => text !== null && /\S\s+\S/.test(text.slice(0, 2000)))
    ? "words"
    : "characters";
}

/** The first parts of a diff, up to about `characters`; `hidden` counts the rest. */
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
