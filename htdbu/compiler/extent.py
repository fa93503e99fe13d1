"""How large and how deep an expression gets once its definitions are put in, found without putting them in.

Definitions that use each other twice double at every step, so sizes are Python's unbounded integers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from htdbu.grammar import syntax
from htdbu.grammar.depth import DEEPEST, parts

MOST_PARTS = 20_000
"""An expression may have so many parts."""


@dataclass(frozen=True)
class Extent:
    """The measure of an expression.

    Attributes:
        size: how many parts it has, arguments of the definition around it left out.
        depth: how deep it nests.
        arguments: for every argument of the definition around it, how often it stands there and how deep.
    """

    size: int
    depth: int
    arguments: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def is_too_large(self) -> bool:
        """Whether it is beyond what the compiler takes."""
        return self.size > MOST_PARTS or self.depth > DEEPEST


def extents(definitions: Mapping[str, syntax.DefDecl]) -> dict[str, Extent]:
    """The measure of the body of every definition; one that needs itself counts as nothing there."""
    found: dict[str, Extent] = {}
    for name in _callees_first(definitions):
        definition = definitions[name]
        arguments = [argument.value for argument in definition.params or ()]
        body = extent(definition.body, found, arguments)
        found[name] = replace(body, arguments={name: body.arguments.get(name, (0, 0)) for name in arguments})
    return found


def extent(node: syntax.Expression, known: Mapping[str, Extent], arguments: Collection[str] = ()) -> Extent:
    """The measure of an expression over definitions whose measures are known."""
    if isinstance(node, syntax.Name):
        if node.value in arguments:
            return Extent(0, 0, {node.value: (1, 0)})
        return known.get(node.value, Extent(1, 0))
    if isinstance(node, syntax.Apply):
        inside = [extent(arg, known, arguments) for arg in node.args]
        return _put_in(known[node.name.value], inside) if node.name.value in known else _around(inside)
    return _around([extent(part, known, arguments) for part in parts(node)])


def names_in(node: syntax.Expression) -> Iterator[str]:
    """The names that an expression says itself."""
    todo = [node]
    while todo:
        part = todo.pop()
        if isinstance(part, syntax.Name):
            yield part.value
        todo.extend(parts(part))


def _around(inside: list[Extent]) -> Extent:
    """The measure of an operator or function around its operands."""
    arguments: dict[str, tuple[int, int]] = {}
    for part in inside:
        for name, (count, depth) in part.arguments.items():
            before = arguments.get(name, (0, 0))
            arguments[name] = before[0] + count, max(before[1], depth + 1)
    size = 1 + sum(part.size for part in inside)
    return Extent(size, 1 + max((part.depth for part in inside), default=-1), arguments)


def _put_in(body: Extent, inside: list[Extent]) -> Extent:
    """The measure of a definition's body with these arguments; its own are taken in their order."""
    size, depth = body.size, body.depth
    arguments: dict[str, tuple[int, int]] = {}
    for (count, below), part in zip(body.arguments.values(), inside, strict=False):
        size += count * part.size
        depth = max(depth, below + part.depth)
        for name, (times, deep) in part.arguments.items():
            before = arguments.get(name, (0, 0))
            arguments[name] = before[0] + count * times, max(before[1], below + deep)
    return Extent(size, depth, arguments)


def _callees_first(definitions: Mapping[str, syntax.DefDecl]) -> list[str]:
    """The definitions, each after those that it uses, without recursion; circles are cut somewhere."""
    order: dict[str, None] = {}
    open_: set[str] = set()
    for first in definitions:
        todo = [first]
        while todo:
            name = todo[-1]
            if name in open_ or name in order:
                todo.pop()
                order[name] = None
                continue
            open_.add(name)
            needs = definitions.keys() & set(names_in(definitions[name].body))
            todo.extend(sorted(need for need in needs if need not in open_ and need not in order))
    return list(order)
