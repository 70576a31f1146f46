"""What may have been meant by an unknown word."""

from __future__ import annotations

from typing import List, Sequence

MAX_DISTANCE = 3
MIN_SIMILARITY = 0.4


def suggestion(word: str, candidates: Sequence[str]) -> str:
    """A line `(Did you mean …?)` with the most similar candidates; nothing if none is similar."""
    dashes = "--" if word.startswith("--") else ""
    plain = word[len(dashes) :]
    best, similar = MAX_DISTANCE, []  # type: int, List[str]
    for candidate in dict.fromkeys(name[len(dashes) :] for name in candidates):
        length = max(len(plain), len(candidate))
        distance = edit_distance(plain, candidate)
        if len(candidate) <= 1 or (length - distance) / length <= MIN_SIMILARITY:
            continue
        if distance < best:
            best, similar = distance, [candidate]
        elif distance == best:
            similar.append(candidate)
    names = [dashes + name for name in sorted(similar)]
    if len(names) > 1:
        return f"\n(Did you mean one of {', '.join(names)}?)"
    return f"\n(Did you mean {names[0]}?)" if names else ""


def edit_distance(a: str, b: str) -> int:
    """
    How many letters to insert, delete, replace, or swap with their neighbour (optimal string alignment
    distance); for words of too different length, the longer length.
    """
    if abs(len(a) - len(b)) > MAX_DISTANCE:
        return max(len(a), len(b))
    rows = [list(range(len(b) + 1))]
    for i, letter in enumerate(a, 1):
        row = [i]
        for j, other in enumerate(b, 1):
            cost = letter != other
            least = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + cost)
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                least = min(least, rows[-2][j - 2] + 1)
            row.append(least)
        rows.append(row)
    return rows[-1][-1]
