"""A small abstract grammar: productions as data, which `lark.py` and `gbnf.py` write out.

No production needs itself, so every sentence is finite. What cannot be said of a table is None, and a sequence that
holds None is None itself, so that builders need not ask whether a table has a column of some type.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Union


@dataclass(frozen=True, slots=True)
class Text:
    """These very characters, at least one."""

    text: str


@dataclass(frozen=True, slots=True)
class Chars:
    """One character of some ranges, ends included."""

    ranges: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Ref:
    """What the production of that name derives."""

    name: str


@dataclass(frozen=True, slots=True)
class Joined:
    """One part after the other."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the options."""

    options: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """The item from `least` to `most` times."""

    item: Node
    least: int
    most: int


Node = Union[Text, Chars, Ref, Joined, Choice, Repeat]  # noqa: UP007
Part = Union[Node, str, None]  # noqa: UP007
"""What the builders below take: a text stands for itself, None for what the table has no words for."""

DIGIT = Chars((("0", "9"),))


def seq(*parts: Part) -> Node | None:
    """All parts in a row; None where one is None. An empty text is nothing."""
    nodes: list[Node] = []
    for part in parts:
        node = _node(part)
        if node is None and part != "":
            return None
        if isinstance(node, Text) and nodes and isinstance(nodes[-1], Text):
            nodes[-1] = Text(nodes[-1].text + node.text)
        elif isinstance(node, Joined):
            nodes.extend(node.parts)
        elif node is not None:
            nodes.append(node)
    return nodes[0] if len(nodes) == 1 else Joined(tuple(nodes))


def alt(*options: Part) -> Node | None:
    """One of the options that are not None; None where all are."""
    nodes = list(dict.fromkeys(node for option in options if (node := _node(option)) is not None))
    if not nodes:
        return None
    return nodes[0] if len(nodes) == 1 else Choice(tuple(nodes))


def repeat(item: Part, least: int, most: int) -> Node | None:
    """The item several times. Where it may stand there no time, an item that cannot be said is nothing, not None."""
    node = _node(item)
    if node is None or most == 0:
        return None if least else Joined(())
    if (least, most) == (1, 1):
        return node
    return Repeat(node, least, most)


def optional(*parts: Part) -> Node | None:
    """All parts or nothing."""
    return repeat(seq(*parts), 0, 1)


def listed(item: Part, most: int, separator: str = ", ") -> Node | None:
    """One to `most` items with a separator between."""
    return seq(item, repeat(seq(separator, item), 0, most - 1))


def digits(least: int, most: int) -> Node | None:
    """So many decimal digits."""
    return repeat(DIGIT, least, most)


def _node(part: Part) -> Node | None:
    if isinstance(part, str):
        return Text(part) if part else None
    return part


@dataclass(frozen=True)
class Production:
    """A name and what it derives.

    Attributes:
        is_terminal: whether it is one unit for a lexer; it then refers to other terminals only.
    """

    name: str
    body: Node
    is_terminal: bool = False


@dataclass
class Productions:
    """The productions of a grammar while it is made; equal bodies of one kind share a name."""

    found: dict[str, Production] = field(default_factory=dict)
    _names: dict[tuple[Node, bool], str] = field(default_factory=dict)

    def rule(self, name: str, body: Node | None) -> Ref | None:
        """A production for the parser; None for None. A name that is taken gets a number."""
        return self._define(name, body, False)

    def terminal(self, name: str, body: Node | None) -> Ref | None:
        """A production for the lexer."""
        return self._define(name, body, True)

    def _define(self, name: str, body: Node | None, is_terminal: bool) -> Ref | None:
        if body is None:
            return None
        known = self._names.get((body, is_terminal))
        if known is None:
            known = name if name not in self.found else f"{name}_{len(self.found)}"
            self.found[known] = Production(known, body, is_terminal)
            self._names[body, is_terminal] = known
        return Ref(known)

    def reached(self, root: Ref) -> list[Production]:
        """The productions that a root needs, the root first, each once."""
        order: dict[str, None] = {}
        todo = [root.name]
        while todo:
            name = todo.pop()
            if name not in order:
                order[name] = None
                todo.extend(reversed(list(references(self.found[name].body))))
        return [self.found[name] for name in order]


def times(least: int, most: int) -> str:
    """How both dialects say how often something stands there."""
    return "?" if (least, most) == (0, 1) else f"{{{least},{most}}}"


def references(node: Node) -> Iterator[str]:
    """The names that a node refers to."""
    match node:
        case Ref(name):
            yield name
        case Joined(parts) | Choice(parts):
            for part in parts:
                yield from references(part)
        case Repeat(item):
            yield from references(item)


def ascending(
    productions: Productions, name: str, items: Sequence[Part], most: int, separator: str = ", "
) -> list[Node | None]:
    """For every place i, one to `most` of the items from i on, each at most once, in their order.

    One production for every item and number still to come. The last element, behind all items, is None.
    """
    layers: list[list[Node | None]] = []
    for count in range(1, most + 1):
        shorter = layers[-1] if layers else [None] * (len(items) + 1)
        layers.append(_layer(productions, f"{name}_{count}", items, shorter, separator))
    return layers[-1]


def _layer(
    productions: Productions, name: str, items: Sequence[Part], shorter: Sequence[Node | None], separator: str
) -> list[Node | None]:
    chain: list[Node | None] = [None]
    for i in reversed(range(len(items))):
        here = seq(items[i], optional(separator, shorter[i + 1]))
        chain.append(productions.rule(f"{name}_from_{i + 1}", alt(here, chain[-1])))
    return chain[::-1]


def others(productions: Productions, name: str, items: Sequence[Part], most: int) -> list[Node | None]:
    """For every item, one to `most` of those before it, of those behind it, or of both; each item at most once."""
    after = ascending(productions, f"{name}_after", items, most)
    before = ascending(productions, f"{name}_before", items[::-1], most)[::-1]
    found: list[Node | None] = []
    for i in range(len(items)):
        low, high = before[i], after[i + 1]
        found.append(alt(seq(low, optional(", ", high)), high))
    return found


def texts(options: Iterable[str]) -> Node | None:
    """One of some texts."""
    return alt(*options)
