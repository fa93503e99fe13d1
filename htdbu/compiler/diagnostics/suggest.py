"""'Did you mean': the closest known word."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache

from htdbu.grammar.nearness import looks_like, one_slip_away


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like the given one, case aside, or None where none is near."""
    return _closest(word, tuple(known))


@lru_cache(4096)  # the same mistake is often made many times
def _closest(word: str, names: tuple[str, ...]) -> str | None:
    slip = one_slip_away(word, names)
    if slip is not None:
        return slip
    by_fold = {name.casefold(): name for name in names}
    found = get_close_matches(word.casefold(), by_fold, n=1, cutoff=0.6)
    return by_fold[found[0]] if found and looks_like(word, by_fold[found[0]]) else None


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """A help sentence naming the closest known word, or None."""
    best = closest(word, known)
    return None if best is None else f"did you mean `{best}`?"
