"""The pieces of a text that were read before: while it is edited, only what changed is parsed again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from htdbu.grammar.source import Anchor
from htdbu.grammar.syntax import Statement, SyntaxFinding

Key = tuple[str, tuple[tuple[int, str], ...]]


@dataclass(frozen=True)
class Piece:
    """What was made of a stretch by itself.

    Attributes:
        anchor: where it begins; every place in the piece moves with it.
        unique_calls: where in the text `unique` is called like a function.
        is_shallow: whether no statement nests deeper than allowed.
    """

    anchor: Anchor
    statements: tuple[Statement, ...]
    findings: tuple[SyntaxFinding, ...]
    unique_calls: tuple[int, ...]
    is_shallow: bool


class Pieces:
    """The pieces of the last reading and of the one under way; two pieces of the same text are kept apart."""

    def __init__(self) -> None:
        self._before: dict[Key, list[Piece]] = {}
        self._now: defaultdict[Key, list[Piece]] = defaultdict(list)

    def begin(self) -> None:
        """Begin a reading; what the last one did not need is forgotten."""
        self._before, self._now = dict(self._now), defaultdict(list)

    def take(self, text: str, docs: Mapping[int, str], place: Anchor) -> Piece | None:
        """A piece of that text, moved to its new place; None where there is none."""
        key = (text, tuple(docs.items()))
        known = self._before.get(key)
        if not known:
            return None
        piece = known.pop(0)
        piece.anchor.file, piece.anchor.offset = place.file, place.offset
        self._now[key].append(piece)
        return piece

    def keep(self, text: str, docs: Mapping[int, str], piece: Piece) -> None:
        """Remember a piece that was just read."""
        self._now[text, tuple(docs.items())].append(piece)
