"""The type checker: walks expressions of the IR, reports what does not agree, and tells the type of every part."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from htdbu.compiler.diagnostics.kinds import (
    htr201_type_mismatch,
    htr202_unknown_level,
    htr203_too_fine,
    htr204_unordered,
    htr206_never_null,
    htr208_arity,
)
from htdbu.compiler.diagnostics.model import Diagnostic
from htdbu.compiler.expressions import Call, Case, ColumnRef, Constant, Expr, LookupCall, digits_after_point
from htdbu.compiler.functions import functions
from htdbu.compiler.program import Column, ColumnType, Lookup
from htdbu.compiler.types import (
    BoolType,
    BrokenType,
    CategoryType,
    DatetimeType,
    DateType,
    NullType,
    NumberType,
    QuotedType,
    TextType,
    Type,
    describe,
    join,
    join_all,
)
from htdbu.grammar.source import Span

NOWHERE = Span("", 0, 0)


def column_type(kind: ColumnType) -> Type:
    """The type of a column's values in expressions."""
    match kind.kind:
        case "int" | "decimal":
            return NumberType(kind.scale)
        case "bool":
            return BoolType()
        case "category":
            return CategoryType(kind.levels, kind.ordered)
        case "date":
            return DateType()
        case "datetime":
            return DatetimeType()
        case _:
            return TextType()


def constant_type(constant: Constant) -> Type:
    """The type of a literal."""
    match constant.type:
        case "number":
            return NumberType(digits_after_point(constant.value))
        case "bool":
            return BoolType()
        case "text":
            return QuotedType()
        case "date":
            return DateType()
        case "datetime":
            return DatetimeType()
        case _:
            return NullType()


class Typer:
    """Types of expressions over given columns and lookups; each part is judged once.

    Args:
        report: takes every finding; without it nothing is said.
    """

    def __init__(
        self,
        columns: Mapping[str, Column],
        lookups: Mapping[str, Lookup] | None = None,
        report: Callable[[Diagnostic], None] = lambda finding: None,
    ) -> None:
        self.columns = columns
        self.lookups = {} if lookups is None else lookups
        self.report = report
        self._memo: dict[int, tuple[Expr, Type]] = {}
        self._unknown_levels: dict[tuple[str, int | None, tuple[str, ...]], list[Constant]] = {}

    describe = staticmethod(describe)

    def type(self, expr: Expr) -> Type:
        """The type of an expression; mistakes inside it are reported the first time it is asked for."""
        found = self._memo.get(id(expr))
        if found is None:
            found = self._memo[id(expr)] = (expr, self._infer(expr))
        return found[1]

    def condition(self, expr: Expr, what: str) -> None:
        """Demand a condition, as a rule or a premise is."""
        kind = self.type(expr)
        if not isinstance(kind, BoolType | BrokenType | NullType):
            self.mismatch(expr.span, f"{what} is a condition, but this is {describe(kind)}", None)

    def _infer(self, expr: Expr) -> Type:
        match expr:
            case Constant():
                return constant_type(expr)
            case ColumnRef(name=name):
                return column_type(self.columns[name].type) if name in self.columns else BrokenType()
            case Case():
                return self._case(expr)
            case LookupCall():
                return self._lookup(expr)
            case Call():
                entry = functions()[expr.function]
                if len(expr.args) < entry.least or (entry.most is not None and len(expr.args) > entry.most):
                    return self.arity(expr, f"`{expr.function}` takes {entry.arity()}, not {len(expr.args)}")
                return entry.infer(self, expr)
        raise AssertionError(expr)

    def _case(self, expr: Case) -> Type:
        for branch in expr.branches:
            self.condition(branch.condition, "the condition of a branch")
        values = [*(branch.value for branch in expr.branches), expr.otherwise]
        joined = self.type(values[0])
        for value in values[1:]:
            both = join(joined, self.type(value))
            if both is None:
                message = f"the branches do not agree: {describe(joined)} and {describe(self.type(value))}"
                return self.mismatch(value.span, message, None)
            joined = both
        for value in values:
            self.bind(value, joined)
        return joined

    def _lookup(self, expr: LookupCall) -> Type:
        table = self.lookups[expr.table]
        width = len(table.rows[0].keys) if table.rows else len(expr.args)
        if len(expr.args) != width:
            return self.arity(expr, f"`{expr.table}` takes {width} keys, not {len(expr.args)}")
        for i, (arg, literals) in enumerate(zip(expr.args, table.key_kinds, strict=False)):
            kind = self.type(arg)
            wrong = next((key for key in literals if join(kind, constant_type(key)) is None), None)
            if wrong is not None:
                return self.disagree(expr, kind, constant_type(wrong))
            self._bind_rows(table, i, kind)
        joined = join_all([constant_type(value) for value in table.value_kinds] or [NullType()])
        return joined or self.mismatch(expr.span, f"the values of `{table.name}` are of several types", None)

    def _bind_rows(self, table: Lookup, part: int | None, kind: Type) -> None:
        """Bind a key, or the value, of all rows of a lookup; they are gone through once for every type."""
        if not isinstance(kind, CategoryType):
            return
        place = (table.name, part, kind.levels)
        if place not in self._unknown_levels:
            levels = set(kind.levels)
            literals = (row.value if part is None else row.keys[part] for row in table.rows)
            self._unknown_levels[place] = [c for c in literals if c.type == "text" and c.value not in levels]
        for literal in self._unknown_levels[place]:
            self.bind(literal, kind)

    # What function entries ask for -------------------------------------------------------------------------------

    def numbers(self, call: Call) -> list[Type] | None:
        """The types of the arguments if all are numbers; else None, and the first other one is reported."""
        kinds = [self.type(arg) for arg in call.args]
        for arg, kind in zip(call.args, kinds, strict=True):
            if not isinstance(kind, NumberType | NullType | BrokenType):
                self.mismatch(arg.span, f"{_said(call.function)} takes numbers, but this is {describe(kind)}", None)
                return None
        return None if any(isinstance(kind, BrokenType) for kind in kinds) else kinds

    def conditions(self, call: Call) -> bool:
        """Demand conditions in every argument; whether all are."""
        if call.function == "implies" and (what := self._comparable(*map(self.type, call.args))) is not None:
            self.report(htr201_type_mismatch.no_conditions(call, what))
            return False
        good = True
        for arg in call.args:
            kind = self.type(arg)
            if not isinstance(kind, BoolType | NullType | BrokenType):
                good = False
                said = _said(call.function)
                self.report(htr201_type_mismatch.no_condition(call.function, arg, said, kind))
        return good

    def _comparable(self, left: Type, right: Type) -> str | None:
        """What two values are that can be compared by their size; None where they cannot."""
        for kind, what in ((NumberType, "numbers"), (DateType, "dates"), (DatetimeType, "datetimes")):
            if isinstance(left, kind) and isinstance(right, kind):
                return what
        is_level = isinstance(left, CategoryType) and left.ordered and isinstance(right, QuotedType)
        return "levels" if is_level else None

    def bind(self, expr: Expr, kind: Type) -> None:
        """Give the quoted texts in an expression the type that they are used at, and check that they are levels."""
        if isinstance(expr, Constant) and expr.type == "text":
            if isinstance(kind, CategoryType) and expr.value not in kind.levels:
                self.report(htr202_unknown_level.unknown(expr, kind.levels))
        elif isinstance(expr, Case):
            for branch in expr.branches:
                self.bind(branch.value, kind)
            self.bind(expr.otherwise, kind)
        elif isinstance(expr, LookupCall):
            self._bind_rows(self.lookups[expr.table], None, kind)
        elif isinstance(expr, Call) and expr.function == "coalesce":
            for arg in expr.args:
                self.bind(arg, kind)

    def has_order(self, kind: Type) -> bool:
        """Whether `<` makes sense for values of this type."""
        return isinstance(kind, NumberType | DateType | DatetimeType | NullType) or (
            isinstance(kind, CategoryType) and kind.ordered
        )

    def representable(self, call: Call) -> None:
        """Report a literal that is finer than what it is compared with by `==`, `!=` or `in`."""
        for value, literal in _literal_pairs(call):
            kind = self.type(value)
            if isinstance(kind, NumberType) and kind.scale is not None and not isinstance(value, Constant):
                digits = digits_after_point(literal.value) if literal.type == "number" else 0
                if digits > kind.scale:
                    self.report(htr203_too_fine.too_fine(literal, _column_name(value), kind.scale))

    def unordered(self, call: Call) -> None:
        """Report `<` on a category without an order."""
        column = next((arg for arg in call.args if isinstance(arg, ColumnRef)), call.args[0])
        name = _column_name(column)
        levels = self.columns[name].type.levels if name is not None and name in self.columns else ()
        self.report(htr204_unordered.unordered(call, name, levels))

    def may_be_null(self, call: Call) -> None:
        """Warn of `is null` on a column that may not be null."""
        column = call.args[0]
        if isinstance(column, ColumnRef) and not self.columns[column.name].nullable:
            self.report(htr206_never_null.never_null(call, column.name))

    def mismatch(self, span: Span | None, message: str, help: str | None) -> Type:
        """Report operands that do not agree; the type of what is then broken."""
        self.report(htr201_type_mismatch.KIND.at(span or NOWHERE, message, help=help))
        return BrokenType()

    def disagree(self, call: Expr, *kinds: Type) -> Type:
        """Report the first two operands that do not go together."""
        pairs = [(a, b) for i, a in enumerate(kinds) for b in kinds[i + 1 :]]
        left, right = next((pair for pair in pairs if join(*pair) is None), pairs[0])
        self.report(htr201_type_mismatch.disagree(call, left, right))
        return BrokenType()

    def arity(self, call: Expr, message: str) -> Type:
        """Report a wrong number or kind of arguments."""
        self.report(htr208_arity.KIND.at(call.span or NOWHERE, message))
        return BrokenType()


_SYMBOLS = {
    "add": "+", "sub": "-", "mul": "*", "div": "/", "neg": "-", "and": "and", "or": "or", "not": "not",
    "implies": "=>", "iff": "<=>", "eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=",
}  # fmt: skip


def _said(function: str) -> str:
    return f"`{_SYMBOLS.get(function, function)}`"


def _literal_pairs(call: Call) -> Sequence[tuple[Expr, Constant]]:
    first, *rest = call.args
    pairs: list[tuple[Expr, Constant]] = [(first, other) for other in map(_signed, rest) if other is not None]
    sign = _signed(first)
    return [*pairs, (rest[0], sign)] if call.function != "in" and sign is not None and rest else pairs


def _signed(expr: Expr) -> Constant | None:
    """The literal that an expression is, a minus before it allowed."""
    if isinstance(expr, Call) and expr.function == "neg":
        return _signed(expr.args[0])
    return expr if isinstance(expr, Constant) and expr.type == "number" else None


def _column_name(expr: Expr) -> str | None:
    return expr.name if isinstance(expr, ColumnRef) else None


__all__ = ["NOWHERE", "Typer", "column_type", "constant_type", "digits_after_point"]
