"""The whole lowering: a program becomes columns, rules and targets over integers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from weakref import WeakKeyDictionary

from htdbu.compiler.diagnostics.kinds import htr301_overflow
from htdbu.compiler.diagnostics.model import Diagnostic
from htdbu.compiler.expressions import Expr, columns_of
from htdbu.compiler.lowering import arithmetic as exact
from htdbu.compiler.lowering.build import indicator
from htdbu.compiler.lowering.domains import bits, closed, declared
from htdbu.compiler.lowering.lowerer import Lowerer
from htdbu.compiler.lowering.values import Code, Condition, Ratio
from htdbu.compiler.normal import Bool, Int, Intervals, NormalColumn, NormalProgram, NormalRule, NormalTarget
from htdbu.compiler.program import Column, Program, Rule
from htdbu.compiler.typing import NOWHERE, column_type

_CACHE: WeakKeyDictionary[Program, NormalProgram] = WeakKeyDictionary()
_WIDEST = 52
"""Columns of more than 2**52 steps have no exact price in 64 bits."""


def normalise(program: Program) -> NormalProgram:
    """The normal form of a sound program, made once and kept as long as the program lives."""
    found = _CACHE.get(program)
    if found is None:
        found = _CACHE[program] = lower_program(program)
    return found


def lower_program(
    program: Program,
    report: Callable[[Diagnostic], None] = lambda finding: None,
    known: Mapping[str, int] = MappingProxyType({}),
) -> NormalProgram:
    """Lower everything; `report` takes HTR207 and HTR301, `known` are texts that have their numbers already."""
    used = used_columns(program)
    boxes = [closed(column, declared(column)) for column in program.columns]
    texts = dict(known)
    lowerer = Lowerer(program, boxes, texts, report)
    definitions = _definitions(program, lowerer)
    rules = tuple(_rule(program, lowerer, rule) for rule in program.rules)
    targets = tuple(
        NormalTarget(_optional(lowerer, target.condition), _optional(lowerer, target.given))
        for target in program.targets
    )
    columns = tuple(
        _column(column, boxes[i], column.name in used, definitions.get(i), report)
        for i, column in enumerate(program.columns)
    )
    return NormalProgram(columns, rules, targets, texts)


def projected(program: Program, columns: Sequence[int]) -> Program:
    """Some columns and the rules over them, as a program of its own whose texts have the same numbers.

    Args:
        columns: their positions; a rule that reads one of them reads no others, nor does a definition.
    """
    names = {program.columns[i].name for i in columns}
    part = Program(
        columns=tuple(program.columns[i] for i in columns),
        rules=tuple(rule for rule in program.rules if rule.reads & names),
        params=program.params,
        uniques=tuple(unique for unique in program.uniques if names.issuperset(unique.columns)),
        dependencies=tuple(each for each in program.dependencies if names.issuperset((*each.left, *each.right))),
        lookups=program.lookups,
    )
    _CACHE[part] = lower_program(part, known=normalise(program).texts)
    return part


def used_columns(program: Program) -> set[str]:
    """Columns that a rule reads, directly or through a derived column."""
    reach = {column.name: columns_of(column.derived) for column in program.columns if column.derived is not None}
    read: set[str] = set().union(*(rule.reads for rule in program.rules), *reach.values())
    return read & set(program.column_index)


def operands_of(program: Program, names: Iterable[str]) -> set[str]:
    """The columns that decide the given ones: derived columns are replaced by what they are computed from."""
    todo, found = list(names), set()
    while todo:
        name = todo.pop()
        derived = program.column(name).derived
        if derived is None:
            found.add(name)
        else:
            todo.extend(columns_of(derived))
    return found


def derived_order(program: Program) -> list[int]:
    """Positions of the derived columns, each after those that it needs."""
    order: list[int] = []

    def visit(position: int) -> None:
        column = program.columns[position]
        if column.derived is None or position in order:
            return
        for name in sorted(columns_of(column.derived)):
            visit(program.column_index[name])
        order.append(position)

    for position in range(len(program.columns)):
        visit(position)
    return order


def _definitions(program: Program, lowerer: Lowerer) -> dict[int, Int]:
    """Lowered definitions, in order; each tightens the box that later ones see."""
    definitions: dict[int, Int] = {}
    for position in derived_order(program):
        column = program.columns[position]
        assert column.derived is not None
        definitions[position] = definition_of(lowerer, column, column.derived)
        if column.type.kind not in ("text", "category", "bool"):
            lowerer.boxes[position] = (lowerer.bounds.range(definitions[position]),)
    return definitions


def definition_of(lowerer: Lowerer, column: Column, derived: Expr) -> Int:
    """The value of a derived column in its steps, numbers rounded half-even to its scale."""
    match lowerer.value(derived, column_type(column.type)):
        case Condition(node=node):
            return indicator(node)
        case Code(term=term):
            return term
        case Ratio() as value:
            scale = 86_400 if column.type.kind == "datetime" else 10**column.type.scale
            return exact.steps(value, Fraction(1, scale))


def _rule(program: Program, lowerer: Lowerer, rule: Rule) -> NormalRule:
    premise = None if rule.premise is None else lowerer.condition(rule.premise)
    read = operands_of(program, rule.reads & set(program.column_index))
    return NormalRule(
        name=rule.name,
        kind=rule.kind,
        weight=rule.weight,
        outcome=lowerer.condition(rule.outcome),
        premise=premise,
        columns=frozenset(program.column_index[name] for name in read),
        span=rule.span,
    )


def _optional(lowerer: Lowerer, expr: Expr | None) -> Bool | None:
    return None if expr is None else lowerer.condition(expr)


def _column(
    column: Column, box: Intervals, used: bool, definition: Int | None, report: Callable[[Diagnostic], None]
) -> NormalColumn:
    domain = declared(column)
    width = bits(column, box)
    if definition is None and width is not None and width > _WIDEST:
        report(htr301_overflow.price(column.name, column.span or NOWHERE, width))
    return NormalColumn(
        name=column.name,
        kind=column.type.kind,
        scale=column.type.scale,
        domain=closed(column, domain) if used and definition is None else domain,
        box=box,
        bits=width,
        nullable=column.nullable,
        fixed=column.fixed,
        cost=column.cost,
        definition=definition,
    )
