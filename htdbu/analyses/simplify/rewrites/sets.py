"""Several values of one thing: `a == 1 or a == 2` as a set, a set of neighbours as a range, its complement."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from htdbu.analyses.simplify.candidates import Known, Why, everywhere
from htdbu.analyses.simplify.shapes import TRUE, is_call
from htdbu.compiler.expressions import ColumnRef, Constant, call
from htdbu.compiler.types import CategoryType


def _set(expr: Any, known: Known) -> Iterator[tuple[Any, Why]]:
    if is_call(expr, "or"):
        yield from _united(expr.args, "or", "eq", "in")
    if is_call(expr, "and"):
        yield from _united(expr.args, "and", "ne", "not in")
    if is_call(expr, "eq", "ne") and all(isinstance(arg, Constant) and arg.type == "bool" for arg in expr.args[1:]):
        item, value = expr.args
        same = (value.value is True) == (expr.function == "eq")
        yield item if same else call("not", item), Why("a condition needs no `==`")
    if is_call(expr, "not") and is_call(expr.args[0], "in") and len(expr.args[0].args) == 2:
        yield call("ne", *expr.args[0].args), Why("a set of one value is that value")
    if is_call(expr, "in"):
        yield from _shorter(expr.args[0], expr.args[1:], known)


def _united(parts: tuple[Any, ...], word: str, single: str, many: str) -> Iterator[tuple[Any, Why]]:
    """The parts that compare one thing with literals as one set."""
    values: dict[Any, list[tuple[int, tuple[Any, ...]]]] = {}
    for i, part in enumerate(parts):
        found = _values(part, single, many)
        if found is not None:
            values.setdefault(found[0], []).append((i, found[1]))
    for item, members in values.items():
        if len(members) > 1:
            united = call("in", item, *dict.fromkeys(value for _, each in members for value in each))
            joined = united if many == "in" else call("not", united)
            first, *others = [i for i, _ in members]
            rest = [joined if i == first else part for i, part in enumerate(parts) if i not in others]
            yield rest[0] if len(rest) == 1 else call(word, *rest), Why("the values make one set")


def _values(part: Any, single: str, many: str) -> tuple[Any, tuple[Any, ...]] | None:
    inner = part.args[0] if many == "not in" and is_call(part, "not") else part
    if is_call(part, single) and isinstance(part.args[1], Constant):
        return part.args[0], part.args[1:]
    is_many = is_call(inner, "in") and (inner is not part) == (many == "not in")
    return (inner.args[0], inner.args[1:]) if is_many and len(inner.args) > 1 else None


def _shorter(item: Any, values: tuple[Any, ...], known: Known) -> Iterator[tuple[Any, Why]]:
    unique = tuple(dict.fromkeys(values))
    if unique != values:
        yield call("in", item, *unique), Why("a value stands twice")
    if len(unique) == 1 and unique[0] != TRUE:
        yield call("eq", item, unique[0]), Why("a set of one value is that value")
    for value in unique if len(unique) > 1 else ():
        rest = [other for other in unique if other != value]
        yield call("in", item, *rest), Why("`{}` is never `{}` where it matters", (item, value))
    yield from _range(item, unique)
    yield from _complement(item, unique, known)


def _range(item: Any, values: tuple[Any, ...]) -> Iterator[tuple[Any, Why]]:
    """A set of numbers as the range from the least to the greatest; whether it has gaps is left to the proof."""
    if len(values) > 2 and all(value.type == "number" and value.param is None for value in values):
        ends = sorted(values, key=lambda value: Decimal(str(value.value)))
        inside = call("and", call("ge", item, ends[0]), call("le", item, ends[-1]))
        yield inside, Why("the values are all from `{}` to `{}`", (ends[0], ends[-1]))


def _complement(item: Any, values: tuple[Any, ...], known: Known) -> Iterator[tuple[Any, Why]]:
    """All levels but a few."""
    kind = known.type(item)
    if not isinstance(item, ColumnRef) or not isinstance(kind, CategoryType):
        return
    named = {value.value for value in values}
    others = [Constant(type="text", value=level) for level in kind.levels if level not in named]
    if len(others) == 1 and len(values) > 1:
        yield call("ne", item, others[0]), Why("these are all levels but `{}`", (others[0],))
    elif others and len(others) < len(values):
        yield call("not", call("in", item, *others)), Why("these are all levels but a few")


REWRITE = everywhere(_set)
