"""The rules of the last compilation: an edit makes a rule anew only where it, or what it names, has changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from htdbu.compiler.expressions import columns_of
from htdbu.compiler.program import Column, Rule
from htdbu.compiler.resolve import Scope
from htdbu.grammar import syntax

_EVERY_COLUMN = "["
"""What a column pattern mentions; no name begins so."""

Guards = tuple[syntax.Expression, ...]
Names = dict[str, tuple[object, frozenset[str]]]
"""What every name stands for, and the names that this needs in turn."""


@dataclass(frozen=True)
class Remembered:
    """A rule that was made without a finding, out of what, and the params, definitions and lookups that it used."""

    decl: syntax.RuleDecl
    guards: Guards
    rule: Rule
    used: frozenset[str]
    mentions: frozenset[str]


class Memory:
    """What an earlier compilation of the same file found out about its rules."""

    def __init__(self) -> None:
        self._names: Names = {}
        self._rules: dict[int, Remembered] = {}
        self._proved: dict[int, Rule] = {}
        self._seen: set[int] = set()

    def begin(self, columns: Mapping[str, Column], scope: Scope) -> None:
        """Forget the rules that name something whose meaning is not what it was."""
        names = _meanings(columns, scope)
        changed = _changed(self._names, names)
        self._names = names
        self._rules = {
            key: known for key, known in self._rules.items() if key in self._seen and known.mentions.isdisjoint(changed)
        }
        sound = {id(known.rule) for known in self._rules.values()}
        self._proved = {key: rule for key, rule in self._proved.items() if key in sound}
        self._seen = set()

    def recall(self, decl: syntax.RuleDecl, guards: Guards) -> Remembered | None:
        """What the last compilation made of the very same declaration."""
        self._seen.add(id(decl))
        known = self._rules.get(id(decl))
        same = known is not None and len(known.guards) == len(guards) and all(map(_is, known.guards, guards))
        return known if same else None

    def keep(self, decl: syntax.RuleDecl, guards: Guards, rule: Rule, used: Iterable[str]) -> None:
        """Remember a rule that was made without a finding."""
        mentions = frozenset(_mentions((decl, guards)))
        self._rules[id(decl)] = Remembered(decl, guards, rule, frozenset(used), mentions)

    def is_proved(self, rule: Rule) -> bool:
        """Whether the bounds of this very rule were proved before."""
        return self._proved.get(id(rule)) is rule

    def keep_proof(self, rule: Rule) -> None:
        """Remember that no term of a rule can overflow."""
        self._proved[id(rule)] = rule


def _is(one: object, other: object) -> bool:
    return one is other


def _meanings(columns: Mapping[str, Column], scope: Scope) -> Names:
    """Every name of a file with what decides its meaning; one that is declared twice, by mistake, has several."""
    kinds: tuple[Mapping[str, object], ...] = (columns, scope.defs, scope.params, scope.lookups)
    names: Names = {_EVERY_COLUMN: (tuple(columns), frozenset())}
    for name in dict.fromkeys(name for kind in kinds for name in kind):
        names[name] = (tuple(kind.get(name) for kind in kinds), frozenset(_needs(name, columns, scope)))
    return names


def _needs(name: str, columns: Mapping[str, Column], scope: Scope) -> Iterator[str]:
    """The names that decide, too, what a name means."""
    column, definition = columns.get(name), scope.defs.get(name)
    if column is not None and column.derived is not None:
        yield from columns_of(column.derived)
    if definition is not None:
        yield from _mentions(definition.body)


def _changed(before: Names, now: Names) -> set[str]:
    """The names whose meaning differs, and those that need one of them."""
    changed = set(before.keys() ^ now.keys())
    changed |= {name for name in before.keys() & now.keys() if not _same(before[name][0], now[name][0])}
    while True:
        more = {name for name, (_, needs) in now.items() if name not in changed and not needs.isdisjoint(changed)}
        if not more:
            return changed
        changed |= more


def _same(one: object, other: object) -> bool:
    return one is other or bool(one == other)


def _mentions(node: Any) -> Iterator[str]:
    """The names of everything that an expression may refer to."""
    todo = [node]
    while todo:
        part = todo.pop()
        if isinstance(part, tuple):
            todo.extend(part)
        elif isinstance(part, syntax.Name):
            yield part.value
        elif isinstance(part, syntax.Pattern):
            yield _EVERY_COLUMN
        else:
            todo.extend(getattr(part, name) for name in getattr(part, "__slots__", ()) if name != "span")
