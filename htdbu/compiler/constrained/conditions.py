"""Conditions over the columns of a table, each of which has the type of a condition.

There are two levels: simple conditions, of comparisons; and conditions in which these stand in brackets, in the
branches of a `case` and in a `count`. Nothing is nested deeper, so that every condition ends.
"""

from __future__ import annotations

from functools import cached_property

from htdbu.compiler.constrained.columns import Usable
from htdbu.compiler.constrained.productions import DIGIT, Chars, Node, Part, alt, digits, listed, optional, repeat, seq
from htdbu.compiler.constrained.values import Values

_MOST_IN_AND, _MOST_IN_OR, _MOST_BRANCHES, _MOST_COUNTED = 4, 3, 6, 5
_POSITIVE = Chars((("1", "9"),))


class Conditions:
    """The productions of conditions; each is made when it is first asked for."""

    def __init__(self, values: Values) -> None:
        self.values = values
        self.productions = values.productions
        self.compare = self.productions.terminal("comparison", alt(" == ", " != ", " <= ", " >= ", " < ", " > "))
        self.bound = self.productions.terminal("bound", alt(" <= ", " >= ", " < ", " > "))
        self.equal = self.productions.terminal("equality", alt(" == ", " != "))

    @cached_property
    def simple(self) -> Node | None:
        """Comparisons with `not`, `and` and `or`."""
        atom = alt(self._levels(), self._bools(), self._numbers(), self._sums(), self._moments(), self._nulls())
        self._atom = self.productions.rule("atom", atom)
        return self._joined("simple", seq(optional("not "), self._atom))

    @cached_property
    def full(self) -> Node | None:
        """Simple conditions in brackets, `case` and `count` as well."""
        simple = self.simple
        whole = alt(self._atom, seq("(", simple, ")"), self._cases(), self._counts())
        return self._joined("condition", seq(optional("not "), whole))

    @cached_property
    def body(self) -> Node | None:
        """What a rule says: a condition, or one that follows from another."""
        follows = optional(alt(" => ", " <=> "), self.full)
        return self.productions.rule("body", seq(self.full, follows))

    def _joined(self, name: str, part: Node | None) -> Node | None:
        together = self.productions.rule(f"{name}_and", listed(part, _MOST_IN_AND, " and "))
        return self.productions.rule(name, listed(together, _MOST_IN_OR, " or "))

    # Values against literals of their domain -------------------------------------------------------------------------

    def _among(self, names: Part, literal: Part) -> Node | None:
        return seq(names, alt(" in ", " not in "), self.values.set_of(literal))

    def _levels(self) -> Node | None:
        options: list[Node | None] = []
        for literal, group in self.values.alike(self.values.of_kind("category")):
            for ordered in (False, True):
                chosen = [each for each in group if each.column.type.ordered == ordered]
                names = self.values.names("category", chosen)
                sign = self.compare if ordered else self.equal
                options += [seq(names, sign, literal), self._among(names, literal)]
                pairs = [each for each in chosen if each.column.type == chosen[0].column.type]
                options.append(self._pair(self.values.names("category", pairs), sign, len(pairs)))
        return alt(*options)

    def _bools(self) -> Node | None:
        return self.values.names("bool", self.values.of_kind("bool"))

    def _numbers(self) -> Node | None:
        numbers = self.values.of_kind("int", "decimal")
        return alt(*(self._against(literal, group) for literal, group in self.values.alike(numbers)))

    def _against(self, literal: Node | None, group: list[Usable]) -> Node | None:
        names = self.values.names(group[0].kind, group)
        between = seq(literal, " <= ", names, " <= ", literal)
        return alt(seq(names, self.compare, literal), self._among(names, literal), between)

    def _nulls(self) -> Node | None:
        nullable = [each for each in self.values.columns.usable if each.column.nullable]
        return seq(self.values.names("nullable", nullable), alt(" is null", " is not null"))

    def _pair(self, names: Part, sign: Part, count: int) -> Node | None:
        """Two columns compared; one alone has no other."""
        return seq(names, sign, names) if count > 1 else None

    # Arithmetic ------------------------------------------------------------------------------------------------------

    @cached_property
    def _number(self) -> Node | None:
        """A number about as large as the columns that are added up; at most ten times as large."""
        most = min(9, len(str(self.values.columns.largest)))
        whole = alt("0", seq(_POSITIVE, digits(0, most - 1)))
        return self.productions.terminal("number", seq(whole, optional(".", digits(1, 2))))

    @cached_property
    def _term(self) -> Node | None:
        columns = self.values.columns
        small = alt(seq("0.", digits(1, 2)), seq(_POSITIVE, digits(0, 2), optional(".", digits(1, 2))))
        factor = self.productions.terminal("factor_number", alt(small, seq(_POSITIVE, digits(0, 1), "%")))
        product = optional(" * ", self.values.names("multiplied", columns.multiplied))
        first = self.values.names("multiplied", columns.multiplied)
        added = self.values.names("added", columns.added)
        return self.productions.rule("term", alt(added, seq(first, product), seq(factor, " * ", added)))

    @cached_property
    def _sum(self) -> Node | None:
        later = alt(self._term, self._number)
        return self.productions.rule("sum", seq(self._term, repeat(seq(alt(" + ", " - "), later), 0, 2)))

    def _sums(self) -> Node | None:
        added = self.values.columns.added
        names = self.values.names("added", added)
        whole = self.values.names("whole", [each for each in added if each.scale == 0])
        least = seq(alt("min", "max"), "(", names, repeat(seq(", ", names), 1, 3), ")") if len(added) > 1 else None
        small = self.productions.terminal("divisor", seq(_POSITIVE, digits(0, 2)))
        return alt(
            seq(self._sum, self.compare, self._sum),
            seq(self._sum, self.bound, self._number),
            seq(self._sum, self.compare, least),
            seq("abs(", self._sum, ")", self.bound, alt(self._number, self._sum)),
            seq("mod(", whole, ", ", small, ")", self.equal, self.productions.terminal("rest", alt("0", small))),
        )

    # Dates -----------------------------------------------------------------------------------------------------------

    def _moments(self) -> Node | None:
        return alt(*(option for kind in ("date", "datetime") for option in self._of_moment(kind)))

    def _of_moment(self, kind: str) -> list[Node | None]:
        columns = self.values.of_kind(kind)
        names = self.values.names(kind, columns)
        days = self.productions.terminal("days", alt("0", seq(_POSITIVE, digits(0, 3))))
        whole = [each for each in self.values.columns.added if each.scale == 0]
        shift = alt(days, self.values.names("whole", whole)) if kind == "date" else days
        shifted = seq(names, self.compare, names, optional(alt(" + ", " - "), shift))
        between = seq("days_between(", names, ", ", names, ")", self.compare, days)
        against = [
            seq(self.values.names(kind, group), self.compare, literal) for literal, group in self.values.alike(columns)
        ]
        parts = {"year": seq(_POSITIVE, digits(3, 3)), "month": _up_to_12(), "weekday": Chars((("1", "7"),))}
        calendar = [self._part(name, names, self.productions.terminal(name, body)) for name, body in parts.items()]
        pairs = [shifted, between] if len(columns) > 1 else []
        return [*against, *pairs, *calendar]

    def _part(self, function: str, names: Part, literal: Part) -> Node | None:
        call = seq(f"{function}(", names, ")")
        return alt(seq(call, self.compare, literal), self._among(call, literal))

    # Of simple conditions --------------------------------------------------------------------------------------------

    def _cases(self) -> Node | None:
        numbers = self.values.of_kind("int", "decimal")
        options = []
        for literal, group in self.values.alike(numbers):
            branches = repeat(seq(self.simple, " -> ", literal, "; "), 1, _MOST_BRANCHES)
            chosen = self.productions.rule("case", seq("case { ", branches, "else -> ", literal, " }"))
            options.append(seq(self.values.names(group[0].kind, group), self.bound, chosen))
        return alt(*options)

    def _counts(self) -> Node | None:
        counted = seq(self.simple, repeat(seq(", ", self.simple), 1, _MOST_COUNTED - 1))
        return seq("count(", counted, ")", self.bound, DIGIT)


def _up_to_12() -> Node | None:
    return alt(_POSITIVE, seq("1", Chars((("0", "2"),))))
