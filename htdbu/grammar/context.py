"""What is known where the parser stopped: what stood there, what it would have taken, and the text around."""

from __future__ import annotations

import re
from dataclasses import dataclass

from htdbu.grammar.messages import NAMES


@dataclass(frozen=True)
class Context:
    """Where the parser stopped.

    Attributes:
        found: what was unexpected; empty at the end.
        accepts: what the parser would have taken.
        head: the word that begins the statement, or `column`.
        is_new: whether a statement begins at the place.
        is_first: whether the statement stands first on its line.
        before: the statement up to the place.
        after: what stands from the place on.
    """

    found: str
    accepts: frozenset[str]
    head: str
    is_new: bool
    before: str
    after: str
    is_first: bool = True

    @property
    def expects_name(self) -> bool:
        """Whether a name must stand here, and no literal or operator may."""
        return bool(NAMES & self.accepts) and not {"NUMBER", "+", "key"} & self.accepts

    @property
    def expects_value(self) -> bool:
        """Whether an expression must begin here."""
        return {"NAME", "NUMBER", "("} <= self.accepts

    @property
    def is_word(self) -> bool:
        """Whether the unexpected is a word."""
        return re.fullmatch(r"\w+", self.found) is not None

    @property
    def is_declaring(self) -> bool:
        """Whether a column is being declared, and no expression has begun behind it."""
        return self.head == "column" and "=" not in self.before

    @property
    def is_behind(self) -> bool:
        """Whether the word right before the place stands behind something else on its line."""
        line = self.before.rstrip().rpartition("\n")[2]
        is_first = self.is_first or line != self.before.rstrip()
        return not is_first or re.search(r"\S\s+[^\s]+$", line) is not None
