"""What a miner finds: something to be said of the table, and the evidence for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log
from typing import Literal

Place = Literal["domain", "null", "key", "derived", "note", "rule", "fd", "unique", "factor"]
"""Where it is said: in the column, as a statement of its own, or in its doc comment alone."""


@dataclass(frozen=True)
class Finding:
    """Something that the rows suggest.

    Attributes:
        kind: the miner's word for it.
        text: a condition, or for a place in a column what stands there.
        columns: the names of the columns that it is about, that which it is said of first.
        support: rows in which it decides anything.
        broken: rows of these that break it.
        expected: how many would break it if the columns had nothing to do with each other.
        doc: what else there is to say.
        length: how many terms a reader has to take in.
        share: two amounts and a number: the first is at most so many times the second, in the rows it is about.
        is_conditional: whether it is about some rows only.
    """

    kind: str
    place: Place
    text: str
    columns: tuple[str, ...]
    support: int
    broken: int = 0
    expected: float = 0.0
    doc: str = ""
    length: int = 2
    share: tuple[str, str, float] | None = None
    is_conditional: bool = False

    @property
    def is_rule(self) -> bool:
        """Whether it counts among the rules, of which there may be only so many."""
        return self.place in ("rule", "fd", "unique")

    @property
    def is_hard(self) -> bool:
        """Whether no row breaks it."""
        return self.broken == 0

    @property
    def confidence(self) -> float:
        """The share of the rows in which it decides anything that keep it."""
        return 1 - self.broken / self.support if self.support else 1.0

    @property
    def surprise(self) -> float:
        """-log10 of the chance that as few rows break it as do, see `htdbu.providers.mined.surprise`."""
        spare = self.expected - self.broken
        if spare <= 0:
            return 0.0
        if not self.broken:
            return self.expected / log(10)
        return (spare + self.broken * log(self.broken / self.expected)) / log(10)

    def measured(self, support: int, broken: int) -> Finding:
        """The same, held against other rows; the expectation grows with the support."""
        grown = self.expected * support / self.support if self.support else self.expected
        return replace(self, support=support, broken=broken, expected=grown)
