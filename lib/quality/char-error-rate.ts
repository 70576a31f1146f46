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
  const work = leftLength * rightLength;
  if (work > budget.left) return null;
  budget.left -= work;
  return unitDistance(left.slice(start, leftEnd), right.slice(start, rightEnd));
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
