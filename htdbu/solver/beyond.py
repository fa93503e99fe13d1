"""Quotients beyond their proof: what a rule says of rows whose divisor lies outside its domain.

The compiler proves that no divisor is 0 and which sign it has, as long as values stay in their domains, and
cross-multiplies by it. Data may hold anything, so here what divides by a column is lowered once more without that
proof. A quotient by 0 is unknown, as is every other value that does not exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from weakref import WeakKeyDictionary

from htdbu.compiler.expressions import Call, Expr, children, columns_of
from htdbu.compiler.lowering import normalise
from htdbu.compiler.lowering.normalise import definition_of
from htdbu.compiler.lowering.unproved import UnprovedLowerer
from htdbu.compiler.normal import Normal, NormalProgram
from htdbu.compiler.program import Program

Beyond = Mapping[int, Normal]
"""The node that holds for any data, by the `id` of its node of the normal form; absent where that one holds too."""

NOTHING: Beyond = MappingProxyType({})


_CACHE: WeakKeyDictionary[Program, Beyond] = WeakKeyDictionary()


def beyond(program: Program) -> Beyond:
    """The nodes that stand in for those of a program's normal form on rows with a value outside its domain."""
    found = _CACHE.get(program)
    if found is None:
        found = _CACHE[program] = _lowered(program)
    return found


def _lowered(program: Program) -> Beyond:
    normal = normalise(program)
    lowerer = UnprovedLowerer(program, normal.columns, dict(normal.texts))
    nodes: dict[int, Normal] = {}
    for expr, node in _conditions(program, normal):
        if divides(expr):
            nodes[id(node)] = lowerer.condition(expr)
    for column, plain in zip(program.columns, normal.columns, strict=True):
        if column.derived is not None and divides(column.derived):
            nodes[id(plain.definition)] = definition_of(lowerer, column, column.derived)
    return nodes


def _conditions(program: Program, normal: NormalProgram) -> Iterable[tuple[Expr, Normal]]:
    """Every condition of a program beside its node."""
    pairs: list[tuple[Expr | None, Normal | None]] = []
    for rule, lowered in zip(program.rules, normal.rules, strict=True):
        pairs += [(rule.outcome, lowered.outcome), (rule.premise, lowered.premise)]
    for target, aim in zip(program.targets, normal.targets, strict=True):
        pairs += [(target.condition, aim.condition), (target.given, aim.given)]
    return ((expr, node) for expr, node in pairs if expr is not None and node is not None)


def divides(expr: Expr) -> bool:
    """Whether an expression divides by something that depends on a column."""
    here = isinstance(expr, Call) and expr.function in ("div", "mod") and bool(columns_of(expr.args[1]))
    return here or any(divides(child) for child in children(expr))
