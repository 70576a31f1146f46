import { distance } from "fastest-levenshtein";

/** Comparisons of one pair that are still done; beyond, the error rate is left out. */
const mostWork = 2 ** 31;

/**
 * Levenshtein distance of two texts in Unicode code points: the least number of insertions,
 * deletions and substitutions that turn one into the other. Null where both texts are so long
 * (after what they begin and end with alike) that computing it would hold up everything else.
 */
export function codePointDistance(a: string, b: string): number | null {
  const left = [...a];
  const right = [...b];
  let start = 0;
  while (start < left.length && start < right.length && left[start] === right[start]) start += 1;
  let leftEnd = left.length;
  let rightEnd = right.length;
  while (leftEnd > start && rightEnd > start && left[leftEnd - 1] === right[rightEnd - 1]) {
    leftEnd -= 1;
    rightEnd -= 1;
  }
  const leftLength = leftEnd - start;
  const rightLength = rightEnd - start;
  if (leftLength === 0 || rightLength === 0) return leftLength + rightLength;
  if (leftLength * rightLength > mostWork) return null;
  return unitDistance(left.slice(start, leftEnd), right.slice(start, rightEnd));
}

/** The library compares UTF-16 units: each distinct code point is given a unit of its own. */
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
