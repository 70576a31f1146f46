import { distance } from "fastest-levenshtein";

/**
 * The remaining budget of character comparisons, shared by the predictions of a batch, so that
 * scoring never blocks the server.
 */
export interface WorkBudget {
  left: number;
}

export function newWorkBudget(): WorkBudget {
  return { left: 2 ** 31 };
}

/**
 * The Levenshtein distance of two texts in Unicode code points: the least number of insertions,
 * deletions and substitutions that turn one into the other. Null where the texts (without common
 * prefix and suffix) are so long that it would exceed the budget.
 */
export function codePointDistance(
  a: string,
  b: string,
  budget: WorkBudget = newWorkBudget(),
): number | null {
  const [left, right] = withoutCommonEnds(a, b);
  if (left === "" || right === "") return codePoints(left) + codePoints(right);
  const work = codePoints(left) * codePoints(right);
  if (work > budget.left) return null;
  budget.left -= work;
  return unitDistance([...left], [...right]);
}

/** The number of code points, which a long text has to be counted for without being taken apart. */
export function codePoints(text: string): number {
  let count = text.length;
  for (let at = 0; at < text.length - 1; at += 1) {
    if (isHigh(text.charCodeAt(at)) && isLow(text.charCodeAt(at + 1))) {
      count -= 1;
      at += 1;
    }
  }
  return count;
}

const isHigh = (unit: number) => unit >= 0xd800 && unit < 0xdc00;
const isLow = (unit: number) => unit >= 0xdc00 && unit < 0xe000;

/** Both texts without what they begin and end with alike; no surrogate pair is split. */
function withoutCommonEnds(a: string, b: string): [string, string] {
  const most = Math.min(a.length, b.length);
  let start = 0;
  while (start < most && a.charCodeAt(start) === b.charCodeAt(start)) start += 1;
  if (start > 0 && isHigh(a.charCodeAt(start - 1))) start -= 1;
  let end = 0;
  const rest = most - start;
  while (end < rest && a.charCodeAt(a.length - 1 - end) === b.charCodeAt(b.length - 1 - end)) {
    end += 1;
  }
  if (end > 0 && isLow(a.charCodeAt(a.length - end))) end -= 1;
  return [a.slice(start, a.length - end), b.slice(start, b.length - end)];
}

/** The library compares UTF-16 units, so each distinct code point is mapped to one unit. */
function unitDistance(left: string[], right: string[]): number {
  const units = new Map<string, string>();
  const encode = (points: string[]) => {
    let text = "";
    for (const point of points) {
      let unit = units.get(point);
      if (unit === undefined) {
        unit = String.fromCharCode(units.size);
        units.set(point, unit);
      }
      text += unit;
    }
    return text;
  };
  return distance(encode(left), encode(right));
}
