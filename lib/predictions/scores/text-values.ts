/** The texts of a score that are told apart by colour; all others are grouped. */
const mostTexts = 7;

/** The colour of grouped texts. */
export const otherColour = 8;

const good =
  /^(good|great|correct|right|pass|passed|ok|okay|yes|true|win|won|safe|valid|success)$/i;
const bad =
  /^(bad|poor|incorrect|wrong|fail|failed|error|no|false|loss|lost|unsafe|invalid|refused)$/i;

/** Blue is good and orange is bad, as on the rest of the page; the others mean nothing. */
const [goodColour, badColour] = [1, 2];
const neutralColours = [3, 7, 5, 4, 6, goodColour, badColour];

export interface TextValue {
  text: string;
  /** A series colour, 1–8. */
  colour: number;
}

/**
 * The first texts of a score with their colours: good ones first, bad ones last. `categories` are in
 * the order in which they came, so that a new one leaves the colours of the others as they are.
 */
export function textValues(categories: readonly string[]): TextValue[] {
  const known = categories.slice(0, mostTexts);
  const colours = new Map<string, number>();
  const taken = new Set<number>();
  const give = (text: string | undefined, colour: number) => {
    if (text === undefined || colours.has(text)) return;
    colours.set(text, colour);
    taken.add(colour);
  };
  give(
    known.find((text) => good.test(text)),
    goodColour,
  );
  give(
    known.find((text) => bad.test(text)),
    badColour,
  );
  for (const text of known) {
    give(text, neutralColours.find((colour) => !taken.has(colour)) ?? otherColour);
  }
  const rank = (text: string) => (good.test(text) ? 0 : bad.test(text) ? 2 : 1);
  return known
    .toSorted((a, b) => rank(a) - rank(b))
    .map((text) => ({ text, colour: colours.get(text) ?? otherColour }));
}
