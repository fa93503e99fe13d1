"""Whether a dialect compares a term exactly while its decimals are written as they are, and not as whole steps."""

from __future__ import annotations

from collections.abc import Iterator

from htdbu.compiler.exports.sql_parts.dialects.base import Dialect
from htdbu.compiler.exports.sql_parts.lowering import Lowered
from htdbu.compiler.exports.sql_parts.terms import results
from htdbu.compiler.normal import Const, Int, Intervals, Linear, NormalColumn, Table, Var

_SAFE_STEPS = 10**17
"""Below it no product of a decimal with an integer leaves the 18 digits of DuckDB's usual decimal."""
_LARGEST_LITERAL = 2**31
_DUCKDB_DIGITS = 38
_PLAIN: tuple[Intervals, ...] = (((0, None),), ((None, 0),), ((0, 0),), ((1, None),), ((None, -1),))


def is_exact(dialect: Dialect, lowered: Lowered, term: Int, intervals: Intervals) -> bool:
    """Whether the natural form of `term in intervals` is exact."""
    if dialect.exact_decimals:
        return True
    if dialect.name == "sqlite":
        return _is_plain_difference(lowered, term, intervals)
    return isinstance(term, Linear) and _digits_fit(lowered, term)


def _is_plain_difference(lowered: Lowered, term: Int, intervals: Intervals) -> bool:
    """Whether a term compares two columns as they are: the nearest binary fractions keep the order of decimals."""
    if not isinstance(term, Linear) or term.constant or len(term.terms) != 2 or intervals not in _PLAIN:
        return False
    columns = [lowered.columns[t.column] for _, t in term.terms if isinstance(t, Var)]
    if len(columns) != 2 or any(column.kind not in ("int", "decimal") for column in columns):
        return False
    (c, _), (d, _) = term.terms
    left, right = c * int(10 ** columns[0].scale), d * int(10 ** columns[1].scale)
    return left == -right


def _digits_fit(lowered: Lowered, term: Linear) -> bool:
    """Whether nothing on the way to a sum of columns and constants can leave the digits of DuckDB's decimals."""
    leaves = [leaf for _, part in term.terms for leaf in results(part)]
    if not all(isinstance(leaf, Var | Const | Table) for leaf in leaves):
        return False
    columns = list(_columns(lowered, leaves))
    after = max((column.scale for column in columns), default=0)
    before = 19 if any(column.kind == "int" for column in columns) else 18
    small = all(abs(coefficient) * 10**after < _LARGEST_LITERAL for coefficient, _ in term.terms)
    room = before + 2 * after + len(term.terms) <= _DUCKDB_DIGITS
    return small and room and lowered.bounds.largest(term) * 10**after < _SAFE_STEPS


def _columns(lowered: Lowered, leaves: list[Int]) -> Iterator[NormalColumn]:
    return (lowered.columns[leaf.column] for leaf in leaves if isinstance(leaf, Var))
