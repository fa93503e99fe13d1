"""Free columns that rules connect, when the given ones are known: far smaller than the blocks of a whole program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from htdbu.compiler.normal import NormalProgram, variables
from htdbu.solver.components import Component, reads


def clusters(program: NormalProgram, given: frozenset[int]) -> tuple[Component, ...]:
    """Blocks that share no free column; each has the given columns that its rules and definitions read.

    Rules and derived columns that the given cells decide are left out. A derived column that is given still has a
    definition to agree with, so it connects.
    """
    loose = {i for i, column in enumerate(program.columns) if i not in given or column.definition is not None}
    groups = _joined(link & loose for link in _links(program))
    blocks = (_component(program, group, given) for group in sorted(groups, key=min))
    return tuple(block for block in blocks if block.mutable)


def _links(program: NormalProgram) -> Iterator[frozenset[int]]:
    yield from (reads(rule) for rule in program.rules)
    for position, column in enumerate(program.columns):
        if column.definition is not None:
            yield variables(column.definition) | {position}


def _joined(links: Iterable[frozenset[int]]) -> list[frozenset[int]]:
    """The links with those that overlap made one."""
    groups: list[frozenset[int]] = []
    for link in links:
        apart = [group for group in groups if not group & link]
        groups = [*apart, link.union(*(group for group in groups if group & link))] if link else groups
    return groups


def _component(program: NormalProgram, group: frozenset[int], given: frozenset[int]) -> Component:
    rules = tuple(rule for rule in program.rules if reads(rule) & group)
    derived = {i: d for i in group if (d := program.columns[i].definition) is not None}
    columns = group.union(*map(reads, rules), *map(variables, derived.values()))
    return Component(
        columns=tuple(sorted(columns)),
        mutable=tuple(sorted(columns - given - set(derived))),
        fixed=tuple(sorted(columns & given)),
        derived=tuple(sorted(derived)),
        hard=rules,
        soft=(),
        program=program,
    )
