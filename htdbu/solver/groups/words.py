"""The texts of a cluster of rows, as codes that its rows share."""

from __future__ import annotations

from collections.abc import Iterable

from htdbu.solver.texts import TextCodes

MOST_FRESH = 4096
"""More texts than a cluster can make up."""


class Words:
    """Codes of the table, as codes of a model and back.

    A text that is made up gets a negative code, which no other cluster uses.

    Args:
        codes: those of the model.
        texts: the codes of the texts that the rows of a cluster and its facts hold, in the order in which they are met.
        number: tells the cluster from all others.
    """

    def __init__(self, codes: TextCodes, texts: Iterable[int], number: int) -> None:
        self._codes = codes
        self._words = [code for code in dict.fromkeys(texts) if code >= codes.literals]
        self._places = {code: codes.literals + k for k, code in enumerate(self._words)}
        self._number = number

    @property
    def present(self) -> list[int]:
        """The codes of the model that are in use."""
        return list(self._places.values())

    def local(self, code: int) -> int:
        """The code of the model."""
        return self._places.get(code, code)

    def outer(self, local: int) -> int:
        """The code of the table."""
        if local >= self._codes.fresh:
            return -(1 + local - self._codes.fresh + MOST_FRESH * self._number)
        return local if local < self._codes.literals else self._words[local - self._codes.literals]
