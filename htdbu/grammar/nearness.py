"""Whether a word is another one with a typing slip, or looks like it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

_SHORTEST = 3
"""Of shorter words any two are near each other."""


def one_slip_away(word: str, known: Iterable[str]) -> str | None:
    """The only known word that differs by one typing slip or in the case of its letters; None where it is not one.

    A slip is a letter too many, too few, another one, or two that changed places. Digits are no letters: `income_2`
    is as likely to be a column that is missing as a misspelt `income_1`.
    """
    return _one_slip_away(word, tuple(known))


@lru_cache(4096)
def _one_slip_away(word: str, known: tuple[str, ...]) -> str | None:
    near = sorted({name for name in known if name != word and _is_slip(word, name)})
    return near[0] if len(near) == 1 else None


def _is_slip(word: str, other: str) -> bool:
    if word.casefold() == other.casefold():
        return True
    if max(len(word), len(other)) < _SHORTEST:
        return False
    start = next(
        (i for i, (one, two) in enumerate(zip(word, other, strict=False)) if one != two), min(len(word), len(other))
    )
    left, right = word[start:], other[start:]
    if any(sign.isdigit() for sign in left[:1] + right[:1]):
        return False
    if left and right and left[1:] == right[1:]:
        return min(len(word), len(other)) >= _SHORTEST and (left[0] + right[0]).isalpha()
    return left[1:] == right or left == right[1:] or _swapped(left) == right


def _swapped(text: str) -> str:
    """The text with its first two characters in each other's place."""
    return text[1:2] + text[:1] + text[2:]


def looks_like(word: str, known: str) -> bool:
    """Whether a word may be meant for another one: begun like it, or at most half of it has to change.

    Of words of one or two letters nearly every other is half made.
    """
    if len(word) < _SHORTEST:
        return _is_slip(word, known)
    one, other = word.casefold(), known.casefold()
    return other.startswith(one) or _distance(one, other) <= len(word) // 2


def _distance(one: str, other: str) -> int:
    """How many letters have to be put in, taken out, changed or swapped with the next (optimal string alignment)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, sign in enumerate(one, 1):
        row = [i]
        for j, against in enumerate(other, 1):
            best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (sign != against))
            if i > 1 and j > 1 and sign == other[j - 2] and one[i - 2] == against:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        before, last = last, row
    return last[-1]
