"""What stands beside a column in a comparison: its name, and the literals that its domain holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from htdbu.compiler.constrained.columns import Columns, Usable
from htdbu.compiler.constrained.literals import dates, datetimes, decimals
from htdbu.compiler.constrained.productions import Node, Part, Productions, alt, listed, seq, texts
from htdbu.compiler.writing.leaves import write_text

MOST_IN_SET = 10
_EPOCH = date(1970, 1, 1)
_FIRST, _LAST = date(1, 1, 1), date(9999, 12, 31)


class Values:
    """Terminals for the names and literals of a table's columns; columns that hold the same share their literals."""

    def __init__(self, productions: Productions, columns: Columns) -> None:
        self.productions = productions
        self.columns = columns

    def name(self, column: Usable) -> Node | None:
        """The name of one column, always as a unit of its own: a lexer takes the longest unit that it knows."""
        return self.productions.terminal("name", seq(column.name))

    def names(self, what: str, columns: Iterable[Usable]) -> Node | None:
        """One of some columns' names."""
        return self.productions.terminal(f"{what}_name", texts(each.name for each in columns))

    def of_kind(self, *kinds: str) -> list[Usable]:
        """The columns of some kinds. Keys are none of them, since their values say nothing of other columns."""
        return [each for each in self.columns.usable if each.kind in kinds and not each.column.key]

    def literal(self, column: Usable) -> Node | None:
        """A literal of the column's type and scale inside its domain; of a text there is none."""
        terminal = self.productions.terminal
        match column.kind:
            case "bool" | "category":
                return terminal(f"{column.kind}_literal", texts(self.spelled(column)))
            case "int" | "decimal":
                body = alt(*(decimals(low or 0, high or 0, column.scale) for low, high in column.box))
            case "date":
                body = alt(*(dates(_day(low or 0), _day(high or 0)) for low, high in column.box))
            case "datetime":
                body = alt(*(datetimes(_second(low or 0), _second(high or 0)) for low, high in column.box))
            case _:
                return None
        return terminal(f"{column.kind}_literal", body)

    def spelled(self, column: Usable) -> list[str]:
        """The values of a bool or category as they are written."""
        return list(column.levels) if column.kind == "bool" else [write_text(level) for level in column.levels]

    def set_of(self, literal: Part) -> Node | None:
        """`{ a, b }`."""
        return self.productions.rule("set", seq("{ ", listed(literal, MOST_IN_SET), " }"))

    def alike(self, columns: Sequence[Usable]) -> list[tuple[Node | None, list[Usable]]]:
        """The columns in groups that have the same literals, each with these."""
        placed = [(self.literal(each), each) for each in columns]
        order = {literal: i for i, (literal, _) in reversed(list(enumerate(placed)))}
        key: Callable[[tuple[Node | None, Usable]], int] = lambda pair: order[pair[0]]  # noqa: E731
        groups = (list(group) for _, group in groupby(sorted(placed, key=key), key))
        return [(group[0][0], [each for _, each in group]) for group in groups]


def _day(number: int) -> date:
    """The date of so many days, or the end of the calendar that is nearest to it."""
    low, high = (_FIRST - _EPOCH).days, (_LAST - _EPOCH).days
    return _EPOCH + timedelta(days=max(low, min(high, number)))


def _second(number: int) -> datetime:
    """The datetime of so many seconds, or the end of the calendar that is nearest to it."""
    day, second = divmod(number, 86_400)
    return datetime.combine(_day(day), datetime.min.time()) + timedelta(seconds=second)
