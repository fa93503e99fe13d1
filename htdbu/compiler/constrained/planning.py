"""Factors and targets: shares that add up to 100 %, ranges that are never empty, values that are none twice."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from functools import cached_property

from htdbu.compiler.constrained.columns import Usable
from htdbu.compiler.constrained.conditions import Conditions
from htdbu.compiler.constrained.productions import Node, Part, alt, ascending, digits, optional, seq
from htdbu.compiler.constrained.values import Values

MOST_CHAINED = 200
"""Statements that name each column at most once choose among so many: the first ones of the table."""
MOST_FACTORS, MOST_ATTRIBUTES = 12, 60
"""So many columns may be a factor, those that are one already first; and so many may be said something of by one."""
MOST_LEVELS = 12
"""A factor has at most so many values."""
_MOST_TOGETHER = 3
"""A value of a factor says something of at most so many columns."""
_MOST_SHARED, _MOST_SHARES = 6, 30
"""A column of at most so many values has shares, and so many different columns do."""
_FINE, _COARSE = 1, 5
"""Shares are whole multiples of so many percent: fine ones for two values, coarse ones for more."""


class Planning:
    """The productions of factors and targets.

    Args:
        factors: names of columns that are likely factors.
    """

    def __init__(self, values: Values, conditions: Conditions, factors: Collection[str] = ()) -> None:
        self.factors = factors
        self.values = values
        self.conditions = conditions
        self.productions = values.productions
        self._shares: dict[tuple[str, ...], Node | None] = {}
        self._splits: dict[tuple[tuple[str, ...], int], Node | None] = {}
        hundred = alt("100%", seq(digits(1, 2), optional(".", digits(1, 2)), "%"))
        self._percent = self.productions.terminal("percent", hundred)

    # Shares ----------------------------------------------------------------------------------------------------------

    def shares(self, column: Usable) -> Node | None:
        """`{ "a": 30%, "b": 70% }` over all values of a bool or category; more than two stand in their order."""
        if not 1 <= len(column.levels) <= _MOST_SHARED:
            return None
        keys = tuple(self.values.spelled(column))
        if keys not in self._shares:
            full = len(self._shares) >= _MOST_SHARES
            ways = {keys, keys[::-1]} if len(keys) <= 2 else {keys}
            step = _FINE if len(keys) <= 2 else _COARSE
            split = alt(*(self._split(way, 100, step) for way in sorted(ways)))
            body = None if full else seq("{ ", split, " }")
            self._shares[keys] = self.productions.rule("shares", body)
        return self._shares[keys]

    def _split(self, keys: tuple[str, ...], total: int, step: int) -> Node | None:
        """Every way to give the keys shares that add up to a total."""
        if (keys, total) not in self._splits:
            key = self.productions.terminal("value", seq(keys[0]))
            ways = (
                seq(key, f": {share}%, ", self._split(keys[1:], total - share, step))
                for share in range(0, total + 1, step)
            )
            every = seq(key, f": {total}%") if len(keys) == 1 else alt(*ways)
            self._splits[keys, total] = self.productions.rule("split", every)
        return self._splits[keys, total]

    # Factors ---------------------------------------------------------------------------------------------------------

    @property
    def _stored(self) -> list[Usable]:
        """The columns that rows can be planned by."""
        return [each for each in self.values.columns.usable if each.column.derived is None and not each.column.is_name]

    @cached_property
    def factor(self) -> Node | None:
        """A factor; what a value says of other columns names each of them once, in the order of the table."""
        says = [(each, said) for each in self._stored if (said := self._attribute(each)) is not None]
        others = says[:MOST_ATTRIBUTES]
        planned = [
            each for each in self._stored if each.kind in ("bool", "category") and len(each.levels) <= MOST_LEVELS
        ]
        planned.sort(key=lambda each: each.column.name not in self.factors)
        return alt(
            *(
                self._factor(each, [said for other, said in others if other is not each])
                for each in planned[:MOST_FACTORS]
            )
        )

    def _factor(self, column: Usable, attributes: list[Node | None]) -> Node | None:
        chosen = ascending(self.productions, "attributes", attributes, _MOST_TOGETHER)[0]
        says = self.productions.rule("says", seq(" -> ", chosen, "\n"))
        values = [
            seq("  ", self.productions.terminal("value", seq(value)), says) for value in self.values.spelled(column)
        ]
        ways = (values, values[::-1])  # people begin with either end
        arms = alt(*(ascending(self.productions, "arm", way, len(way), "")[0] for way in ways))
        head = seq("factor ", self.values.name(column), optional(" ~ ", self.shares(column)))
        return seq(head, " {\n", arms, "}\n")

    def _attribute(self, column: Usable) -> Node | None:
        """What a factor says of a column: a set, shares, or a range that has an end of its domain."""
        if column.kind in ("bool", "category"):
            allowed = seq(" in ", self.values.set_of(self.values.literal(column)))
            return self.productions.rule(
                "attribute", seq(self.values.name(column), alt(allowed, seq(" ~ ", self.shares(column))))
            )
        ends = _ends(column)
        if ends is None:
            return None
        literal = self.values.literal(column)
        upper, lower = seq(f"{ends[0]}..", literal), seq(literal, f"..{ends[1]}")
        terminal = self.productions.terminal("range", alt(upper, lower))
        return self.productions.rule("attribute", seq(self.values.name(column), " in ", terminal))

    # Targets ---------------------------------------------------------------------------------------------------------

    @cached_property
    def target(self) -> Node | None:
        """What a target says behind its name."""
        given = optional(" given ", self.conditions.simple)
        share = seq("share(", self.conditions.simple, given, ")", self._about(self._percent))
        return alt(share, *self._measures(given), *self._distributions(given))

    def _about(self, literal: Part) -> Node | None:
        within = seq(" == ", literal, " within ", literal)
        return alt(seq(alt(" <= ", " >= "), literal), within)

    def _measures(self, given: Part) -> list[Node | None]:
        options: list[Node | None] = []
        part = self.productions.terminal("quantile", seq("0.", digits(1, 2)))
        for literal, group in self.values.alike(self.values.of_kind("int", "decimal", "date", "datetime")):
            names = self.values.names(group[0].kind, group)
            words = alt("mean", "min", "max") if group[0].is_number else alt("min", "max")
            bound = seq(alt(" <= ", " >= "), literal)
            options.append(seq(words, "(", names, given, ")", bound))
            options.append(seq("quantile(", names, ", ", part, given, ")", bound))
        return options

    def _distributions(self, given: Part) -> list[Node | None]:
        columns = self.values.of_kind("bool", "category")[:MOST_CHAINED]
        names = ascending(self.productions, "counted", [self.values.name(each) for each in columns], 2)[0]
        real = seq("dist(", names, given, ") ~ real within ", self._percent)
        shared = (
            seq("dist(", self.values.name(each), given, ") ~ ", self.shares(each), " within ", self._percent)
            for each in columns
        )
        return [real, *shared]


def _ends(column: Usable) -> tuple[str, str] | None:
    """The ends of the column's domain as they are written, where it has one range with both."""
    if not column.is_bounded or len(column.box) != 1:
        return None
    if column.is_number:
        return _decimal(column.low, column.scale), _decimal(column.high, column.scale)
    if column.kind == "date":
        low, high = (date(1970, 1, 1) + timedelta(days=days) for days in (column.low, column.high))
        return low.isoformat(), high.isoformat()
    return None


def _decimal(steps: int, scale: int) -> str:
    whole, part = divmod(abs(steps), 10**scale)
    return ("-" if steps < 0 else "") + str(whole) + (f".{part:0{scale}}" if scale else "")
