"""From expressions of the IR to the normal form, with every term proved to stay inside 64 bits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import reduce

from htdbu.compiler.bounds import LIMIT, Bounds
from htdbu.compiler.diagnostics.kinds import htr207_division_by_zero, htr301_overflow
from htdbu.compiler.diagnostics.model import Diagnostic
from htdbu.compiler.expressions import Call, Case, ColumnRef, Constant, Expr, LookupCall
from htdbu.compiler.functions import functions
from htdbu.compiler.literals import SECONDS, day_number, second_number
from htdbu.compiler.lowering import arithmetic as exact
from htdbu.compiler.lowering.build import contains, truth_of
from htdbu.compiler.lowering.choice import select
from htdbu.compiler.lowering.lookups import Lookups
from htdbu.compiler.lowering.values import Code, Condition, Ratio, Value, denominator
from htdbu.compiler.normal import Bool, Const, Int, Intervals, Linear, Truth, Var
from htdbu.compiler.program import Program
from htdbu.compiler.types import CategoryType, DatetimeType, DateType, NumberType, TextType, Type
from htdbu.compiler.typing import NOWHERE, Typer, column_type
from htdbu.grammar.source import Span


class Lowerer:
    """Lowers the expressions of one program, whose types are known to be right.

    Args:
        boxes: what every column may hold, in steps.
        texts: numbers of the text literals met so far; new ones are added.
        report: takes HTR207 and HTR301.
    """

    def __init__(
        self,
        program: Program,
        boxes: list[Intervals],
        texts: dict[str, int],
        report: Callable[[Diagnostic], None] = lambda finding: None,
    ) -> None:
        self.program = program
        self.boxes = boxes
        self.texts = texts
        self.report = report
        self.bounds = Bounds(boxes)
        self.expected: dict[int, Type] = {}
        self.lookups = Lookups(self, program.lookups)
        self._overflows: list[Span] = []
        self.typer = Typer({c.name: c for c in program.columns}, {t.name: t for t in program.lookups})

    def value(self, expr: Expr, expected: Type | None = None) -> Value:
        """The normal form of any expression; `expected` says what a quoted text stands for."""
        match expr:
            case Constant():
                return self._constant(expr, expected)
            case ColumnRef(name=name):
                return self._column(name)
            case Case():
                return self._case(expr, expected)
            case LookupCall():
                return self.lookups.call(expr, [self.value(arg) for arg in expr.args], expected)
            case Call():
                if expected is not None:
                    self.expected[id(expr)] = expected
                lowered = functions()[expr.function].lower(self, expr)
                self.guard_value(lowered, expr)
                return lowered
        raise AssertionError(expr)

    def ratio(self, expr: Expr) -> Ratio:
        """The normal form of a number, date or datetime."""
        value = self.value(expr)
        assert isinstance(value, Ratio)
        return value

    def is_number(self, expr: Expr) -> bool:
        """Whether an expression is a number, and neither a date nor a datetime."""
        return isinstance(self.typer.type(expr), NumberType)

    def condition(self, expr: Expr) -> Bool:
        """The normal form of a condition."""
        value = self.value(expr)
        if isinstance(value, Ratio):  # the literal `null`
            return Truth(None)
        assert isinstance(value, Condition)
        return value.node

    def code(self, expr: Expr, levels: tuple[str, ...] | None) -> Code:
        """The normal form of a level of a category, or of a text where `levels` is None."""
        value = self.value(expr, TextType() if levels is None else CategoryType(levels, False))
        if isinstance(value, Ratio):  # the literal `null`
            return Code(Const(None), levels)
        assert isinstance(value, Code)
        return value

    def pair(self, left: Expr, right: Expr) -> tuple[Value, Value]:
        """Two operands of a comparison, lowered at the type that they share."""
        a, b = self.together((left, right))
        return a, b

    def together(self, exprs: Sequence[Expr], expected: Type | None = None) -> list[Value]:
        """Operands of one type, lowered at it: quoted texts become levels, nulls become unknowns of that type."""
        kinds = [self.typer.type(expr) for expr in exprs]
        shared = next((k for k in kinds if isinstance(k, CategoryType | TextType)), expected)
        values = [self.value(expr, shared) for expr in exprs]
        return _same_form(values)

    def _constant(self, constant: Constant, expected: Type | None) -> Value:
        text = str(constant.value)
        match constant.type:
            case "number":
                return exact.constant(Fraction(text))
            case "bool":
                return Condition(Truth(bool(constant.value)))
            case "date":
                return Ratio(Const(day_number(text)))
            case "datetime":
                return Ratio(Const(second_number(text)), SECONDS)
            case "text" if isinstance(expected, CategoryType):
                return Code(Const(expected.levels.index(text)), expected.levels)
            case "text":
                return Code(Const(self.texts.setdefault(text, len(self.texts))), None)
            case _:
                return Ratio(Const(None))

    def _column(self, name: str) -> Value:
        position = self.program.column_index[name]
        kind = column_type(self.program.columns[position].type)
        match kind:
            case CategoryType(levels=levels):
                return Code(Var(position), levels)
            case TextType():
                return Code(Var(position), None)
            case DatetimeType():
                return Ratio(Var(position), SECONDS)
            case DateType():
                return Ratio(Var(position))
        if self.program.columns[position].type.kind == "bool":
            return Condition(truth_of(Var(position)))
        return Ratio(Var(position), 10 ** self.program.columns[position].type.scale)

    def _case(self, expr: Case, expected: Type | None) -> Value:
        values = self.together([*(branch.value for branch in expr.branches), expr.otherwise], expected)
        conditions = [self.condition(branch.condition) for branch in expr.branches]
        pairs = list(zip(conditions, values, strict=False))
        chosen = reduce(lambda later, pair: select(pair[0], pair[1], later), reversed(pairs), values[-1])
        self.guard_value(chosen, expr)
        return chosen

    def lacks(self, expr: LookupCall) -> Bool:
        """Whether a lookup has no row for a known key."""
        return self.lookups.lacks(expr, [self.value(arg) for arg in expr.args])

    def divide(self, call: Call) -> Ratio:
        """Exact division, after the proof that the divisor is never 0."""
        left, right = (self.ratio(arg) for arg in call.args)
        return exact.divide(left, right, self.bounds) if self._nonzero(call, right) else left

    def modulo(self, call: Call) -> Ratio:
        """The remainder, after the proof that the divisor is never 0."""
        left, right = (self.ratio(arg) for arg in call.args)
        return exact.modulo(left, right, self.bounds) if self._nonzero(call, right) else left

    def _nonzero(self, call: Call, divisor: Ratio) -> bool:
        low, high = self.bounds.range(divisor.numerator)
        zero = low <= 0 <= high and not (self._skips_zero(divisor.numerator))
        if zero:
            self.report(htr207_division_by_zero.division_by_zero(call, self.program))
        return not zero

    def _skips_zero(self, term: Int) -> bool:
        """Whether a multiple of one column misses 0 because the column's domain has a gap there."""
        if isinstance(term, Linear) and len(term.terms) == 1 and term.constant == 0 and term.terms[0][0] != 0:
            term = term.terms[0][1]
        return isinstance(term, Var) and bool(self.boxes[term.column]) and not contains(self.boxes[term.column], 0)

    def guard_value(self, value: Value, expr: Expr) -> None:
        """Report a value one of whose terms could leave 64-bit integers."""
        if isinstance(value, Ratio):
            self.guard(value.numerator, expr)
            self.guard(denominator(value), expr)

    def guard(self, term: Int, expr: Expr) -> None:
        """Report a term that could leave 64-bit integers."""
        peak = self.bounds.largest(term)
        span = expr.span or NOWHERE
        inside = any(span.file == s.file and span.start <= s.start and s.end <= span.end for s in self._overflows)
        if peak >= LIMIT and not inside:
            self._overflows.append(span)
            self.report(htr301_overflow.overflow(expr, peak))


def _same_form(values: list[Value]) -> list[Value]:
    """Operands of one kind: the literal `null` (a ratio) becomes an unknown of the others' kind."""
    if any(isinstance(value, Condition) for value in values):
        return [Condition(Truth(None)) if isinstance(value, Ratio) else value for value in values]
    levels = next((value.levels for value in values if isinstance(value, Code)), None)
    if any(isinstance(value, Code) for value in values):
        return [Code(Const(None), levels) if isinstance(value, Ratio) else value for value in values]
    return values
