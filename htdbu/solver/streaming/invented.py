"""Texts that a repair makes up: `text-1`, `text-2` and so on, as no data hold them, numbered over all pieces.

A repair of the whole table numbers them block by block, and in a block row by row. A piece gives them marks of its own
and notes which block needs which; the names follow from all pieces together.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from htdbu.solver.restoring import FRESH
from htdbu.solver.table import VALUE, Texts
from htdbu.solver.table_repair import TableRepair

Marks = Mapping[int, Sequence[str]]
"""For every block that made texts up what stands for them, in the order in which they were."""

_FRESH = re.compile(re.escape(FRESH) + "([1-9][0-9]{0,17})")


def mark_invented(outcome: TableRepair, known: int, piece: int) -> Marks:
    """Rename the texts that a repair made up, right after it, to what no text of any piece is.

    Args:
        known: how many texts there were before.
        piece: the number of the first row of the piece.
    """
    texts, marks = outcome.table.texts, {}
    for b, block in enumerate(outcome.blocks):
        columns = [i for i in block.mutable if block.column(i).kind == "text"]
        held = [outcome.table.values[i, outcome.table.states[i] == VALUE] for i in columns]
        codes = np.unique(np.concatenate([np.zeros(0, np.int64), *held]))
        marks[b] = [_renamed(texts, code, f"\0made {piece} {code}") for code in codes[codes >= known].tolist()]
    return {b: names for b, names in marks.items() if names}


def mark_all(texts: Texts, known: int, piece: int) -> list[str]:
    """Rename all texts from a code on, as `mark_invented` does."""
    return [_renamed(texts, code, f"\0made {piece} {code}") for code in range(known, len(texts.words))]


def _renamed(texts: Texts, code: int, name: str) -> str:
    del texts.codes[texts.words[code]]
    texts.words[code] = name
    texts.codes[name] = code
    return name


def taken_numbers(texts: Texts) -> NDArray[np.int64]:
    """The numbers of texts that look as if they were made up, ascending."""
    found = (_FRESH.fullmatch(word) for word in texts.words if word.startswith(FRESH))
    return np.unique(np.array([int(match[1]) for match in found if match], dtype=np.int64))


class FreshNames:
    """Names for the marks of all pieces.

    Args:
        pieces: the marks of every piece, in order.
        last: marks of the whole table, which come after all others.
        taken: the numbers that texts of the data have, ascending.
    """

    def __init__(self, pieces: Sequence[Marks], last: Sequence[str], taken: NDArray[np.int64]) -> None:
        self._free_below = taken - 1 - np.arange(taken.size)
        blocks = sorted({b for marks in pieces for b in marks})
        inner = (mark for b in blocks for marks in pieces for mark in marks.get(b, ()))
        self._numbers = {mark: k for k, mark in enumerate(chain(inner, last))}

    def of(self, word: str) -> str:
        """The name that a mark stands for; any other word is its own."""
        k = self._numbers.get(word)
        if k is None:
            return word
        return f"{FRESH}{k + 1 + int(np.searchsorted(self._free_below, k, side='right'))}"
