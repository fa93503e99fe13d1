"""Blocks of columns that no rule connects: each can be repaired by itself, since price and rules both separate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from htdbu.compiler.normal import Int, NormalColumn, NormalProgram, NormalRule, variables


@dataclass(frozen=True)
class Component:
    """A connected block.

    Attributes:
        columns: positions in the program of all its columns, ascending.
        mutable: those that a repair may change.
        fixed: those that keep their present value; among them derived columns, whose definition must then give it.
        derived: the derived ones, whether fixed or not.
        hard: its hard rules.
        soft: its soft rules.
        program: the whole normal form that the positions refer to.
    """

    columns: tuple[int, ...]
    mutable: tuple[int, ...]
    fixed: tuple[int, ...]
    derived: tuple[int, ...]
    hard: tuple[NormalRule, ...]
    soft: tuple[NormalRule, ...]
    program: NormalProgram

    @property
    def cells(self) -> tuple[int, ...]:
        """The columns whose present cells decide the repair: all but the derived ones that are not fixed."""
        return tuple(sorted((*self.mutable, *self.fixed)))

    @property
    def definitions(self) -> dict[int, Int]:
        """The definitions of the derived columns, by position."""
        return {i: definition for i in self.derived if (definition := self.column(i).definition) is not None}

    def column(self, position: int) -> NormalColumn:
        """The column at a position of the program."""
        return self.program.columns[position]


def components(
    program: NormalProgram, fixed: frozenset[int], ties: Iterable[frozenset[int]] = ()
) -> tuple[Component, ...]:
    """All blocks of a program, in the order of their first columns.

    Rules that read no column at all form a last block without columns, if there are any.

    Args:
        fixed: positions of the columns that a repair must not change.
        ties: columns that belong together although no rule says so.
    """
    blocks = _blocks(len(program.columns), (*_links(program), *ties))
    roots = {i: number for number, block in enumerate(blocks) for i in block}
    rules: list[list[NormalRule]] = [[] for _ in range(len(blocks) + 1)]
    for rule in program.rules:
        read = reads(rule)
        rules[roots[min(read)] if read else len(blocks)].append(rule)
    last = [()] if rules[-1] else []
    pairs = zip([*blocks, *last], rules, strict=False)
    return tuple(_component(program, block, inside, fixed) for block, inside in pairs)


def reads(rule: NormalRule) -> frozenset[int]:
    """Positions of the columns that a rule reads, with derived columns and their operands both."""
    return rule.columns | variables(rule.outcome)


def _links(program: NormalProgram) -> Iterable[frozenset[int]]:
    """Groups of columns that belong together."""
    yield from (reads(rule) for rule in program.rules)
    for position, column in enumerate(program.columns):
        if column.definition is not None:
            yield variables(column.definition) | {position}


def _blocks(count: int, links: Iterable[frozenset[int]]) -> list[tuple[int, ...]]:
    """Connected positions, each block ascending, blocks in the order of their first position."""
    parent = list(range(count))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for link in links:
        roots = sorted({root(i) for i in link})
        for other in roots[1:]:
            parent[other] = roots[0]
    blocks: dict[int, list[int]] = {}
    for i in range(count):
        blocks.setdefault(root(i), []).append(i)
    return [tuple(block) for block in blocks.values()]


def _component(
    program: NormalProgram, block: tuple[int, ...], rules: list[NormalRule], fixed: frozenset[int]
) -> Component:
    derived = tuple(i for i in block if program.columns[i].definition is not None)
    return Component(
        columns=block,
        mutable=tuple(i for i in block if i not in derived and i not in fixed),
        fixed=tuple(i for i in block if i in fixed),
        derived=derived,
        hard=tuple(rule for rule in rules if rule.kind == "hard"),
        soft=tuple(rule for rule in rules if rule.kind == "soft"),
        program=program,
    )
