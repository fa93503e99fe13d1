"""Conditions as SQL: Kleene logic is SQL's own; what compares is written as a person would, where that is exact."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import gcd

from sqlglot import exp

from htdbu.compiler.exports.sql_parts import build
from htdbu.compiler.exports.sql_parts.build import InexpressibleError, Sql
from htdbu.compiler.exports.sql_parts.dialects.base import Dialect
from htdbu.compiler.exports.sql_parts.exactness import is_exact
from htdbu.compiler.exports.sql_parts.lowering import Lowered
from htdbu.compiler.exports.sql_parts.numbers import Numbers
from htdbu.compiler.exports.sql_parts.quotients import without_quotient
from htdbu.compiler.exports.sql_parts.terms import STRICT, factor, is_truth, pairs, reads_text, sign_of, unless_zero
from htdbu.compiler.lowering.build import contains, within
from htdbu.compiler.normal import (
    And,
    Bool,
    Choose,
    Coalesce,
    Const,
    FloorDiv,
    Iff,
    Indicator,
    Int,
    Intervals,
    IsNull,
    Linear,
    Not,
    Or,
    RoundDiv,
    Table,
    Truth,
    Var,
    Within,
    operands,
    variables,
)
from htdbu.compiler.program import Program


class Conditions:
    """Writes the conditions of one program in one dialect."""

    def __init__(self, dialect: Dialect, program: Program, lowered: Lowered) -> None:
        self.dialect = dialect
        self.program = program
        self.lowered = lowered
        self.numbers = Numbers(dialect, program, lowered, self.part, self.unknown)

    def write(self, node: Bool) -> Sql:
        """A whole condition.

        Raises:
            InexpressibleError: where the dialect cannot say it exactly.
        """
        self.begin(node)
        return self.part(node)

    def begin(self, node: Bool | Int) -> None:
        """Start a new constraint, after making sure that the dialect holds the columns that it reads exactly."""
        self.numbers.begin()
        most = self.dialect.most_steps
        for i in sorted(variables(node)):
            column = self.lowered.columns[i]
            ends = [abs(end) for part in column.box for end in part if end is not None]
            if most is not None and column.kind == "decimal" and max(ends, default=0) > most:
                reason = f"{self.dialect.title} does not hold all digits of `{column.name}`"
                raise InexpressibleError(reason)

    def part(self, node: Bool) -> Sql:
        """A condition inside the one that was begun."""
        match node:
            case Truth(value=value):
                return self.dialect.unknown("boolean") if value is None else exp.true() if value else exp.false()
            case Within(term=term, intervals=intervals):
                return self._within(term, intervals)
            case IsNull(argument=argument):
                return self._is_null(argument)
            case And(args=args):
                return build.connect(exp.And, [self.part(arg) for arg in args])
            case Or(args=args):
                return build.connect(exp.Or, [self.part(arg) for arg in args])
            case Not(argument=IsNull(argument=argument)):
                return build.negate(self._is_null(argument))
            case Not(argument=argument):
                return build.negate(self.part(argument))
            case Iff(left=other, right=Truth(value=value)) | Iff(left=Truth(value=value), right=other) if (
                value is not None
            ):
                return self.part(other) if value else build.negate(self.part(other))
            case Iff(left=left, right=right):
                return build.compare(exp.EQ, build.atom(self.part(left)), build.atom(self.part(right)))
        raise AssertionError(node)

    def _is_null(self, node: Int | Bool) -> Sql:
        if isinstance(node, Truth | Within | IsNull | And | Or | Not | Iff):
            if isinstance(node, Within):
                return self.unknown(node.term)
            return build.is_null(self.part(node))
        return self.unknown(node)

    def unknown(self, node: Int) -> Sql:
        """Whether a term is unknown; itself never unknown."""
        parts: list[Sql] = []
        for part in self._nulls(node):
            if part not in parts:
                parts.append(part)
        return build.connect(exp.Or, parts) if parts else exp.false()

    def _nulls(self, node: Int) -> list[Sql]:
        """Conditions of which one holds exactly where a term is unknown."""
        if isinstance(node, Var):
            return [build.is_null(self.numbers.column(node.column))]
        if isinstance(node, Const):
            return [exp.true()] if node.value is None else []
        if isinstance(node, STRICT):
            return [null for part in operands(node) for null in self._nulls(part)]  # type: ignore[arg-type]
        divisor = sign_of(node) or unless_zero(node)
        if divisor is not None:
            return [*self._nulls(divisor), self.part(within(divisor, ((0, 0),)))]
        if is_truth(node, self.lowered.columns):
            return [build.is_null(self.truth(node))]
        return [build.is_null(self.text(node) if reads_text(node, self.lowered.columns) else self.numbers.whole(node))]

    def _within(self, term: Int, intervals: Intervals) -> Sql:
        columns = self.lowered.columns
        if is_truth(term, columns):
            return self._truth_within(term, intervals)
        if isinstance(term, Var):
            return self._column_within(term.column, intervals)
        if reads_text(term, columns):
            return self._listed(self.text(term), self._texts(intervals), term, intervals)
        if isinstance(term, Linear) and (found := self._equal_codes(term, intervals)) is not None:
            return found
        if (
            isinstance(term, FloorDiv | RoundDiv)
            and (moved := without_quotient(term, intervals, self.lowered.bounds)) is not None
        ):
            return self.part(moved)
        return self._number_within(term, intervals)

    def _trivial(self, term: Int, value: bool) -> Sql:
        """True or false wherever the term is known."""
        known = exp.true() if value else exp.false()
        unknown = self.unknown(term)
        return known if unknown == exp.false() else build.case([(unknown, self.dialect.unknown("boolean"))], known)

    def _truth_within(self, term: Int, intervals: Intervals) -> Sql:
        one, zero = contains(intervals, 1), contains(intervals, 0)
        if one == zero:
            return self._trivial(term, one)
        return self.truth(term) if one else build.negate(self.truth(term))

    def truth(self, term: Int) -> Sql:
        """A term that is a condition's 1 or 0, as that condition."""
        match term:
            case Indicator(condition=condition):
                return self.part(condition)
            case Var(column=i):
                return self.dialect.truth(self.numbers.column(i))
            case Const(value=value):
                return self.part(Truth(None if value is None else bool(value)))
            case Coalesce(args=args):
                return build.function("COALESCE", *(self.truth(arg) for arg in args))
            case Choose():
                branches, otherwise = self.numbers.branches(term, self.truth)
                return build.case(branches, otherwise)
        raise AssertionError(term)

    def _column_within(self, i: int, intervals: Intervals) -> Sql:
        column, value = self.lowered.columns[i], self.numbers.column(i)
        match column.kind:
            case "text":
                return self._listed(value, self._texts(intervals), Var(i), intervals)
            case "category":
                levels = self.program.columns[i].type.levels
                kept = [build.text(level) for k, level in enumerate(levels) if contains(intervals, k)]
                return self._listed(value, kept, Var(i), intervals)
            case "date":
                return self._ranges(Var(i), value, intervals, self.dialect.date_literal)
            case "datetime":
                return self._ranges(Var(i), value, intervals, self.dialect.datetime_literal)
        return self._ranges(Var(i), value, intervals, lambda n: build.number(Fraction(n, 10**column.scale)))

    def _listed(self, value: Sql, items: list[Sql], term: Int, intervals: Intervals) -> Sql:
        return build.one_of(value, items) if items else self._trivial(term, False)

    def _texts(self, intervals: Intervals) -> list[Sql]:
        texts = self.lowered.texts
        return [build.text(text) for code, text in enumerate(texts) if contains(intervals, code)]

    def text(self, term: Int) -> Sql:
        """A term that is a text, or a choice between texts."""
        return self.named(term, self.lowered.texts)

    def named(self, term: Int, names: Sequence[str]) -> Sql:
        """A term that is a text or a level as SQL's text; `names` are the texts of its codes."""
        match term:
            case Var(column=i):
                return self.numbers.column(i)
            case Const(value=value):
                return exp.null() if value is None else build.text(names[value])
            case Coalesce(args=args):
                return build.function("COALESCE", *(self.named(arg, names) for arg in args))
            case Choose():
                branches, otherwise = self.numbers.branches(term, lambda leaf: self.named(leaf, names))
                return build.case(branches, otherwise)
            case Table(keys=keys, rows=rows):
                found = [(self.numbers.key(keys, key), build.text(names[value])) for key, value in rows.items()]
                return build.case(found) if found else exp.null()
        raise InexpressibleError("it computes with a text")

    def _equal_codes(self, term: Linear, intervals: Intervals) -> Sql | None:
        """`a == b` of two texts, or of two columns with the same levels; None where the term is something else."""
        if len(term.terms) != 2 or {c for c, _ in term.terms} != {1, -1} or intervals != ((0, 0),) or term.constant:
            return None
        (_, a), (_, b) = term.terms
        if reads_text(a, self.lowered.columns) or reads_text(b, self.lowered.columns):
            return build.compare(exp.EQ, self.text(a), self.text(b))
        if isinstance(a, Var) and isinstance(b, Var):
            types = [self.program.columns[v.column].type for v in (a, b)]
            if types[0].kind == "category" and types[0].levels == types[1].levels:
                return build.compare(exp.EQ, self.numbers.column(a.column), self.numbers.column(b.column))
        return None

    def _number_within(self, term: Int, intervals: Intervals) -> Sql:
        columns = self.lowered.columns
        whole = not is_exact(self.dialect, self.lowered, term, intervals)
        merged, constant = pairs(term, columns) if isinstance(term, Linear) else ({term: 1}, 0)
        scale = self.numbers.scale(whole)
        factors = [f for f in (factor(part, scale) for part in merged) if f is not None]
        hint = max(factors, default=1)
        shares = [coefficient * (factor(part, scale) or hint) for part, coefficient in merged.items()]
        by = gcd(*shares) or 1
        left, right = ({p: s * c for p, c in merged.items() if (c > 0) == (s > 0) and c} for s in (1, -1))
        nothing = {part: 0 for part, c in merged.items() if c == 0}
        moved: Intervals = tuple(
            (None if a is None else a - constant, None if b is None else b - constant) for a, b in intervals
        )
        if not left and not right:
            return self._trivial(term, contains(moved, 0))
        if not left:
            left, right, moved = right, {}, tuple((_minus(b), _minus(a)) for a, b in reversed(moved))
        return self._sides({**left, **nothing}, right, moved, (by, whole), term)

    def _sides(
        self,
        left: dict[object, int],
        right: dict[object, int],
        intervals: Intervals,
        form: tuple[int, bool],
        term: Int,
    ) -> Sql:
        by, whole = form

        def literal(value: int) -> Sql:
            return build.number(Fraction(value, by))

        moments = self._moments(left, right, intervals)
        if moments is not None:
            return moments
        if (
            right
            and not self._has_days(left, right)
            and len(intervals) == 1
            and (found := _sign(intervals[0])) is not None
        ):
            kind, edge = found
            sides = [self.numbers.parts(side, by, whole) for side in (left, right)]
            if edge:
                sides[1].append(literal(edge))
            return build.compare(kind, build.total(sides[0]), build.total(sides[1]))
        both = {**left, **{part: -coefficient for part, coefficient in right.items()}}
        return self._ranges(term, build.total(self.numbers.parts(both, by, whole)), intervals, literal)

    def _has_days(self, left: dict[object, int], right: dict[object, int]) -> bool:
        """Whether a date on one side is subtracted from one on the other."""
        kinds = [[self.lowered.columns[t.column].kind for t in side if isinstance(t, Var)] for side in (left, right)]
        return all("date" in side for side in kinds)

    def _moments(self, left: dict[object, int], right: dict[object, int], intervals: Intervals) -> Sql | None:
        """`a >= b` of two dates or two datetimes; None where the sides are something else."""
        if list(left.values()) != [1] or list(right.values()) != [1] or len(intervals) != 1:
            return None
        (a,), (b,) = left, right
        if not (isinstance(a, Var) and isinstance(b, Var)):
            return None
        kinds = [self.lowered.columns[v.column].kind for v in (a, b)]
        if kinds[0] != kinds[1] or kinds[0] not in ("date", "datetime"):
            return None
        found = _sign(intervals[0])
        sides = (self.numbers.column(a.column), self.numbers.column(b.column))
        return None if found is None or found[1] else build.compare(found[0], *sides)

    def _ranges(self, term: Int, value: Sql, intervals: Intervals, literal: Callable[[int], Sql]) -> Sql:
        """A value in a union of ranges; short ranges of integers are listed."""
        if not intervals:
            return self._trivial(term, False)
        points: list[Sql] = []
        parts: list[Sql] = []
        several = len(intervals) > 1
        for low, high in intervals:
            if low is None and high is None:
                return self._trivial(term, True)
            if low is None and high is not None:
                parts.append(build.compare(exp.LTE, value, literal(high)))
            elif high is None and low is not None:
                parts.append(build.compare(exp.GTE, value, literal(low)))
            elif low is not None and high is not None and (low == high or (several and high - low < 3)):
                points += [literal(k) for k in range(low, high + 1)]
            elif low is not None and high is not None:
                parts.append(build.between(value, literal(low), literal(high)))
        if points:
            parts.insert(0, build.one_of(value, points))
        return build.connect(exp.Or, parts)


def _sign(interval: tuple[int | None, int | None]) -> tuple[type, int] | None:
    """The comparison that an interval open on a side, or of one value, stands for; 1 or more is above 0."""
    match interval:
        case (None, None):
            return None
        case (1, None):
            return exp.GT, 0
        case (None, -1):
            return exp.LT, 0
        case (int() as low, None):
            return exp.GTE, low
        case (None, int() as high):
            return exp.LTE, high
        case (int() as low, int() as high) if low == high:
            return exp.EQ, low
    return None


def _minus(value: int | None) -> int | None:
    return None if value is None else -value
