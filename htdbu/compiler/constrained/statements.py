"""A whole file: the table as it stands, then rules, `unique`, `fd`, a factor and targets, in this order."""

from __future__ import annotations

from collections.abc import Collection

from htdbu.compiler.constrained.columns import LARGEST_WEIGHT, Columns
from htdbu.compiler.constrained.conditions import Conditions
from htdbu.compiler.constrained.planning import MOST_CHAINED, Planning
from htdbu.compiler.constrained.productions import (
    Chars,
    Node,
    Production,
    Productions,
    alt,
    ascending,
    optional,
    others,
    repeat,
    seq,
)
from htdbu.compiler.constrained.values import Values

MOST_TARGETS = 10
_MOST_UNIQUE, _MOST_DEPENDENCIES = 3, 5
_SMALL = ("a", "z")
_PRINTED = Chars(((" ", "~"), ("¡", "ɏ")))


class Statements:
    """The productions of a file.

    Args:
        factors: names of columns that are likely factors.
    """

    def __init__(self, columns: Columns, max_rules: int, factors: Collection[str] = ()) -> None:
        self.productions = Productions()
        self.columns = columns
        self.max_rules = max_rules
        self.values = Values(self.productions, columns)
        self.conditions = Conditions(self.values)
        self.planning = Planning(self.values, self.conditions, factors)
        word = seq("_", Chars((_SMALL,)), repeat(Chars((_SMALL, ("0", "9"), ("_", "_"))), 0, 30))
        self._word = optional(self.productions.terminal("word", word))
        letter = Chars((("A", "Z"), _SMALL))
        self._doc = self.productions.terminal("doc", seq("## ", letter, repeat(_PRINTED, 0, 100), "\n"))

    def file(self, table: str) -> list[Production]:
        """All productions, what the file is first. The table is written out as it is, or left out where empty."""
        lines = [self.productions.terminal("table", seq(f"{line}\n")) for line in table.split("\n")[:-1]]
        head = seq(*lines, "\n" if table else "")
        parts = [self._rules(), self._uniques(), self._dependencies(), self.planning.factor, self._targets()]
        body = seq(head, *(optional(part) for part in parts))
        root = self.productions.rule("file", body)
        assert root is not None  # no part of it is needed
        return self.productions.reached(root)

    # Rules -----------------------------------------------------------------------------------------------------------

    def _rules(self) -> Node | None:
        """Rules `r1`, `r2`, … of which each may be the last, outside and inside of `when`."""
        outside: Node | None = None
        inside: Node | None = None
        when = self.productions.rule("when", seq("when ", self.conditions.simple, " {\n"))
        for number in reversed(range(1, self.max_rules + 1)):
            said = self._rule(number)
            ends = seq("}\n", optional(outside))
            within = self.productions.rule(f"inside_{number}", seq("  ", said, alt(ends, inside)))
            outside = self.productions.rule(
                f"rules_{number}", alt(seq(optional(self._doc), said, optional(outside)), seq(when, within))
            )
            inside = within
        return outside

    def _rule(self, number: int) -> Node | None:
        """One rule; its name begins with its number, so that no two rules share one."""
        weight = optional(self.productions.terminal("weight", seq("(", Chars((("1", str(LARGEST_WEIGHT)),)), ")")))
        name = seq(f" r{number}", self._word, ": ")
        must = seq(alt("hard", seq("soft", weight)), name, self.conditions.body)
        never = seq("forbid", name, self.conditions.full)
        return self.productions.rule(f"rule_{number}", seq(alt(must, never), "\n"))

    # Several rows ----------------------------------------------------------------------------------------------------

    def _uniques(self) -> Node | None:
        """Tuples of one to three columns, no two of which begin with the same column."""
        names = [self.values.name(each) for each in self.columns.usable[:MOST_CHAINED]]
        tails = ascending(self.productions, "tuple", names, 2)
        statements = [seq("unique (", name, optional(", ", tails[i + 1]), ")\n") for i, name in enumerate(names)]
        return ascending(self.productions, "unique", statements, _MOST_UNIQUE, "")[0]

    def _dependencies(self) -> Node | None:
        """What a column decides, no two of which have the same column on the left."""
        names = [self.values.name(each) for each in self.columns.usable if not each.column.key][:MOST_CHAINED]
        right = others(self.productions, "decided", names, 2)
        statements = [seq("fd ", name, " -> ", decided, "\n") for name, decided in zip(names, right, strict=True)]
        return ascending(self.productions, "fd", statements, _MOST_DEPENDENCIES, "")[0]

    # Targets ---------------------------------------------------------------------------------------------------------

    def _targets(self) -> Node | None:
        said = self.productions.rule("measured", self.planning.target)
        targets: Node | None = None
        for number in reversed(range(1, MOST_TARGETS + 1)):
            line = seq(f"target t{number}", self._word, ": ", said, "\n")
            targets = self.productions.rule(f"targets_{number}", seq(line, optional(targets)))
        return targets
