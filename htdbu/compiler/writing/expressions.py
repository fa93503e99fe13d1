"""Expressions, with no more brackets than their operators' strengths ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import IntEnum
from itertools import pairwise

from htdbu.compiler.diagnostics.kinds import htr101_unknown_name
from htdbu.compiler.expressions import Call, Case, ColumnRef, Constant, Expr, LookupCall
from htdbu.compiler.functions import functions
from htdbu.compiler.typing import NOWHERE
from htdbu.compiler.writing.errors import UnwritableError, no_form
from htdbu.compiler.writing.leaves import write_constant, write_name

_SIGNS = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_SAME_WAY = ({"lt", "le"}, {"gt", "ge"})
_SUMS = {"add": "+", "sub": "-"}
_PRODUCTS = {"mul": "*", "div": "/"}


class Level(IntEnum):
    """How strongly an expression holds together, from the weakest operator up."""

    CHOICE = 0
    IFF = 1
    IMPLIES = 2
    OR = 3
    AND = 4
    NOT = 5
    COMPARISON = 6
    SUM = 7
    PRODUCT = 8
    UNARY = 9
    ATOM = 10


def write_expression(expr: Expr, params: Mapping[str, Constant] | None = None) -> str:
    """An expression on one line.

    Args:
        params: the params that may be named, with their values; by default, a literal that came from a param is
            written as that param.

    Raises:
        UnwritableError: where it says what the language has no words for.
    """
    return Writer(params).write(expr)


class Writer:
    """Writes expressions; see `write_expression`."""

    def __init__(self, params: Mapping[str, Constant] | None) -> None:
        self._params = params

    def write(self, expr: Expr, level: Level = Level.CHOICE) -> str:
        """An expression as it stands where one of at least that strength has to, in brackets where it is weaker."""
        text, own = self._written(expr, level)
        return text if own >= level else f"({text})"

    def _written(self, expr: Expr, level: Level) -> tuple[str, Level]:
        match expr:
            case Constant():
                text = write_constant(expr, self._params)
                return text, Level.UNARY if text.startswith("-") else Level.ATOM
            case ColumnRef(name=name):
                return write_name(name), Level.ATOM
            case LookupCall(table=table, args=args):
                return f"{write_name(table)}({self._list(args)})", Level.ATOM
            case Case():
                return self._case(expr)
            case Call():
                return self._call(expr, level)
        raise AssertionError(expr)

    def _list(self, args: Sequence[Expr]) -> str:
        return ", ".join(map(self.write, args))

    def _case(self, case: Case) -> tuple[str, Level]:
        if len(case.branches) == 1:
            return self._choice(case, Level.OR), Level.CHOICE
        if not case.branches:
            raise no_form("a `case` without branches")
        arms = "".join(f"{self.write(arm.condition)} -> {self.write(arm.value)}; " for arm in case.branches)
        return f"case {{ {arms}else -> {self.write(case.otherwise)} }}", Level.ATOM

    def _choice(self, case: Case, level: Level) -> str:
        """`if … then … else …`, its values being at least as strong as the level; another choice may follow `else`."""
        arm, last = case.branches[0], case.otherwise
        follows = isinstance(last, Case) and len(last.branches) == 1
        otherwise = self._choice(last, level) if follows and isinstance(last, Case) else self.write(last, level)
        return f"if {self.write(arm.condition, Level.OR)} then {self.write(arm.value, level)} else {otherwise}"

    def _call(self, call: Call, level: Level) -> tuple[str, Level]:
        entry = functions().get(call.function)
        if entry is None:
            finding = htr101_unknown_name.unknown_name("function", call.function, NOWHERE, functions())
            raise UnwritableError(finding.kind, finding.message, finding.help)
        if entry.written:
            return f"{call.function}({self._list(call.args)})", Level.ATOM
        count = len(call.args)
        if count < entry.least or (entry.most is not None and count > entry.most):
            raise no_form(f"`{call.function}` takes {entry.arity()}, not {count}")
        return self._operator(call, level)

    def _operator(self, call: Call, level: Level) -> tuple[str, Level]:
        function, args = call.function, call.args
        match function:
            case "iff":
                left = self.write(args[0], Level.IFF if _is(args[0], "iff") else Level.OR)
                return f"{left} <=> {self.write(args[1], Level.OR)}", Level.IFF
            case "implies":
                return f"{self.write(args[0], Level.OR)} => {self.write(args[1], Level.IMPLIES)}", Level.IMPLIES
            case "or":
                # An `and` in an `or` needs no brackets, but readers do.
                return self._membership(args, "in") or (self._joined("or", args), Level.OR)
            case "and":
                return self._linked(args) or (self._joined("and", args), Level.AND)
            case "not":
                return self._not(args[0])
            case "in":
                return self._among(args[0], args[1:], "in")
            case "is_null":
                return f"{self.write(args[0], Level.SUM)} is null", Level.COMPARISON
            case "neg":
                return f"-{self.write(args[0], Level.UNARY)}", Level.UNARY
            case "add" | "sub":
                return self._sum(call), Level.SUM
            case "mul" | "div":
                left, right = self.write(args[0], Level.PRODUCT), self.write(args[1], Level.UNARY)
                return f"{left} {_PRODUCTS[function]} {right}", Level.PRODUCT
        return self._comparison(call, level), Level.COMPARISON

    def _joined(self, word: str, args: Sequence[Expr]) -> str:
        """A chain of `and` or `or`; one inside the other, which means the same, needs no brackets."""
        return f" {word} ".join(self._link(word, arg) for arg in args)

    def _link(self, word: str, arg: Expr) -> str:
        is_same = isinstance(arg, Call) and arg.function == word
        return self._call(arg, Level.NOT)[0] if isinstance(arg, Call) and is_same else self.write(arg, Level.NOT)

    def _sum(self, call: Call) -> str:
        """A sum; where sums are added to each other, the brackets mean nothing."""
        left, right = call.args
        level = Level.SUM if call.function == "add" and _is(right, "add") else Level.PRODUCT
        return f"{self.write(left, Level.SUM)} {_SUMS[call.function]} {self.write(right, level)}"

    def _not(self, arg: Expr) -> tuple[str, Level]:
        if isinstance(arg, Call):
            match arg.function:
                case "is_null" if len(arg.args) == 1:
                    return f"{self.write(arg.args[0], Level.SUM)} is not null", Level.COMPARISON
                case "in" if len(arg.args) > 1:
                    return self._among(arg.args[0], arg.args[1:], "not in")
                case "or" if found := self._membership(arg.args, "not in"):
                    return found
                case "and" if found := self._range(arg.args, "not in"):
                    return found
        # `not a == b` is right, but looks as if it were about `a`.
        return f"not {self.write(arg, Level.NOT if _is(arg, 'not') else Level.UNARY)}", Level.NOT

    def _comparison(self, call: Call, level: Level) -> str:
        left, right = call.args
        if isinstance(right, Case) and len(right.branches) == 1 and level <= Level.IMPLIES:
            shown = self._choice(right, Level.SUM)
        else:
            shown = self.write(right, Level.SUM)
        return f"{self.write(left, Level.SUM)} {_SIGNS[call.function]} {shown}"

    def _among(self, item: Expr, items: Sequence[Expr], word: str) -> tuple[str, Level]:
        if not items:
            raise no_form("an empty set allows no value")
        return f"{self.write(item, Level.SUM)} {word} {{ {self._list(items)} }}", Level.COMPARISON

    def _membership(self, args: Sequence[Expr], word: str) -> tuple[str, Level] | None:
        """`x in { 1, y }`, which is `x in { 1 } or x == y`; None where it is another `or`."""
        first = args[0]
        if not isinstance(first, Call) or first.function != "in" or len(first.args) < 2:
            return None
        item, *literals = first.args
        others = [
            arg.args[1]
            for arg in args[1:]
            if isinstance(arg, Call) and arg.function == "eq" and len(arg.args) == 2 and arg.args[0] == item
        ]
        if len(others) != len(args) - 1 or not all(_is_element(other) for other in others):
            return None
        return self._among(item, [*literals, *others], word)

    def _linked(self, args: Sequence[Expr]) -> tuple[str, Level] | None:
        """`x in 1..5` and `a <= b <= c`, which are conjunctions of comparisons; None where it is another `and`."""
        return self._range(args, "in") or self._chain(args)

    def _range(self, args: Sequence[Expr], word: str) -> tuple[str, Level] | None:
        if len(args) != 2:
            return None
        low, high = args
        if not (isinstance(low, Call) and isinstance(high, Call) and (low.function, high.function) == ("ge", "le")):
            return None
        if len(low.args) != 2 or len(high.args) != 2 or low.args[0] != high.args[0]:
            return None
        ends = [self.write(end, Level.SUM) for end in (low.args[1], high.args[1])]
        is_wide = any(_is(end, *_SUMS, *_PRODUCTS) for end in (low.args[1], high.args[1]))
        dots = " .. " if is_wide else ".."
        return f"{self.write(low.args[0], Level.SUM)} {word} {dots.join(ends)}", Level.COMPARISON

    def _chain(self, args: Sequence[Expr]) -> tuple[str, Level] | None:
        links = [arg for arg in args if isinstance(arg, Call) and arg.function in _SIGNS and len(arg.args) == 2]
        if len(links) != len(args) or not any({link.function for link in links} <= way for way in _SAME_WAY):
            return None
        if any(before.args[1] != after.args[0] for before, after in pairwise(links)):
            return None
        steps = "".join(f" {_SIGNS[link.function]} {self.write(link.args[1], Level.SUM)}" for link in links)
        return self.write(links[0].args[0], Level.SUM) + steps, Level.COMPARISON


def _is(expr: Expr, *names: str) -> bool:
    """Whether an expression is a call of one of these operators."""
    return isinstance(expr, Call) and expr.function in names


def _is_element(expr: Expr) -> bool:
    """Whether an expression other than a literal may be meant where it stands in a set."""
    if isinstance(expr, Call):
        entry = functions().get(expr.function)
        return entry is not None and (entry.written or entry.name in (*_SUMS, *_PRODUCTS, "neg"))
    return isinstance(expr, ColumnRef | LookupCall)
