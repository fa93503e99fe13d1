"""What the rows outside of a cluster hold, as a cluster has to take it into account."""

from __future__ import annotations

from dataclasses import dataclass

from htdbu.solver.outcomes import SeveralRows


@dataclass(frozen=True)
class Fact:
    """Tuples that a rule over several rows already finds in the table.

    Attributes:
        rule: the number of the rule in its scene.
        left: for every column of the left side a range; all tuples in it are taken. All ranges are single values, but
            at most one.
        right: what goes with it, for an fd; then the left side is a single tuple.
        apart: whether `right` is what does not go with it instead, in all of the range.
    """

    rule: int
    left: tuple[tuple[int, int], ...]
    right: tuple[int, ...] = ()
    apart: bool = False

    def holds(self, tuple_: tuple[int, ...]) -> bool:
        """Whether a left side lies in it."""
        return all(a <= value <= b for value, (a, b) in zip(tuple_, self.left, strict=True))

    def texts(self, rule: SeveralRows, columns: frozenset[int]) -> list[int]:
        """The codes of the texts in it, where the given columns hold texts."""
        cells = [*zip(rule.left, (a for a, _ in self.left), strict=True)]
        cells += zip(rule.right, self.right, strict=True) if self.right else ()
        return [value for i, value in cells if i in columns]


Wall = tuple[Fact, int | None]
"""A fact, and what contradicting it costs at least; None where it cannot be contradicted."""
