"""What an example asks of the cells that it leaves free, as a program of its own with only what matters to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from htdbu.compiler.expressions import columns_of
from htdbu.compiler.lowering import normalise
from htdbu.compiler.lowering.build import contains
from htdbu.compiler.normal import NormalColumn, NormalProgram
from htdbu.compiler.program import Program
from htdbu.solver.examples.narrowed import narrowed

Given = Mapping[int, int | None]
"""The given cells in steps, by position; None is null."""

_NUMBERS = ("int", "decimal", "date", "datetime")
_ANY = ((None, None),)


def acceptance(program: Program) -> NormalProgram:
    """Everything that an accepted row has to satisfy."""
    normal = normalise(program)
    return replace(normal, rules=tuple(rule for rule in normal.rules if rule.kind == "hard"))


def rejection(program: Program, name: str, column: int | None, given: Given) -> NormalProgram:
    """The named rule alone: a row of this program is a completion in which it does not fail.

    Given cells stand as they are, whatever the domains and definitions of their columns say. Derived columns that the
    rule reads follow from the others; the rest of the program is left out.

    Args:
        column: of a rule that a derived column brings with it (its domain, null or definition), its position.

    Raises:
        ZeroDivisorError: where the rule depends on a divisor that may be 0.
    """
    normal = normalise(program)
    own = f"{program.columns[column].name}.derived" if column is not None else ""
    held = {i for i in given if i != column or name != own}
    rules = [rule for rule in normal.rules if rule.name == name and column is None]
    read = {program.columns[column].name} if column is not None else _read(program, name)
    needed = _needed(program, read, held)
    columns = [_asked(c, name, i in needed, i in given, given.get(i)) for i, c in enumerate(normal.columns)]
    kept = tuple(replace(rule, kind="hard", columns=frozenset()) for rule in rules)
    asked = replace(normal, columns=tuple(columns), rules=kept)
    numbers = {i: value for i, value in given.items() if value is not None and normal.columns[i].kind in _NUMBERS}
    if all(contains(normal.columns[i].box, value) for i, value in numbers.items()):
        return asked
    return narrowed(program, asked, {i: value for i, value in numbers.items() if i not in needed}, needed)


def _read(program: Program, name: str) -> set[str]:
    """The columns that a stated rule reads."""
    return set().union(*(columns_of(rule.outcome) for rule in program.rules if rule.name == name))


def _needed(program: Program, read: Collection[str], held: Collection[int]) -> set[int]:
    """The derived columns that have to be computed before the columns that are read are known."""
    todo, found = list(read), set[int]()
    while todo:
        position = program.column_index[todo.pop()]
        derived = program.columns[position].derived
        if derived is not None and position not in held and position not in found:
            found.add(position)
            todo.extend(columns_of(derived))
    return found


def _asked(column: NormalColumn, name: str, needed: bool, given: bool, value: int | None) -> NormalColumn:
    """A column that may hold what is given; of a derived one only what the named rule says of it binds."""
    if column.definition is not None and needed:
        return replace(
            column,
            domain=column.domain if name == f"{column.name}.domain" else _ANY,
            nullable=name != f"{column.name}.null",
        )
    column = replace(column, definition=None)
    if not given:
        return column
    if value is None:
        return replace(column, nullable=True)
    return column if column.kind == "text" else replace(column, box=((value, value),), domain=((value, value),))
