"""What two files declare and plan differently, read off their typed form: nothing is proved here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from htdbu.analyses.difference.union import Side, UnionColumn
from htdbu.compiler.expressions import Node
from htdbu.compiler.program import Program
from htdbu.solver.ranges import complement

ATTRIBUTES = ("header", "key", "fixed", "cost", "format", "pool", "pool_by")


def column_change(column: UnionColumn) -> dict[str, Any]:
    """What became of a column: its name, a word, and what differs."""
    if column.old is None or column.new is None:
        return {"name": column.name, "change": "added" if column.old is None else "removed", "details": []}
    if not column.is_comparable:
        kinds = [f"{side.column.type.kind} before" if side is column.old else f"{side.column.type.kind} now"
                 for side in column.sides]  # fmt: skip
        return {"name": column.name, "change": "incomparable", "details": kinds}
    details = list(_details(column.old, column.new))
    values = _values(column, column.old, column.new)
    change = values if values != "unchanged" else "changed" if details else "unchanged"
    return {"name": column.name, "change": change, "details": details}


def _details(old: Side, new: Side) -> Iterable[str]:
    a, b = old.column, new.column
    if a.type != b.type:
        yield "type"
    if a.domain != b.domain:
        yield "domain"
    if a.nullable != b.nullable:
        yield "null"
    if a.derived != b.derived:
        yield "derived"
    yield from (name for name in ATTRIBUTES if getattr(a, name) != getattr(b, name))


def _values(column: UnionColumn, old: Side, new: Side) -> str:
    """What the new file allows in the column beside the old one, derivations apart."""
    fewer, more = _has_more(column, old, new), _has_more(column, new, old)
    if fewer and more:
        return "changed"
    return "narrower" if fewer else "wider" if more else "unchanged"


def _has_more(column: UnionColumn, side: Side, other: Side) -> bool:
    """Whether a file allows a value that another does not."""
    if side.column.nullable and not other.column.nullable:
        return True
    if column.type.kind == "text":
        return False
    if column.type.kind != "category" and column.factor(side) < column.factor(other):
        return True
    theirs = column.intervals(other, other.normal.domain)
    mine = column.intervals(side, side.normal.domain)
    return any(_sticks_out(part, theirs) for part in mine)


def _sticks_out(part: tuple[int | None, int | None], others: Any) -> bool:
    low, high = part
    if low is None or high is None:
        return not any(
            (a is None or (low is not None and a <= low)) and (b is None or (high is not None and high <= b))
            for a, b in others
        )
    return bool(complement(others, low, high))


def named_changes(old: Mapping[str, Node], new: Mapping[str, Node]) -> list[dict[str, Any]]:
    """What became of each of some named things: added, removed, changed; those that stay are left out."""
    found = []
    for name in dict.fromkeys([*old, *new]):
        if name not in new:
            found.append({"name": name, "change": "removed"})
        elif name not in old:
            found.append({"name": name, "change": "added"})
        elif _plain(old[name]) != _plain(new[name]):
            found.append({"name": name, "change": "changed"})
    return found


def _plain(node: Node) -> Node:
    """A node without what is only told."""
    return node.model_copy(update={"doc": None}) if "doc" in type(node).model_fields else node


def declaration_changes(old: Program, new: Program) -> dict[str, list[dict[str, Any]]]:
    """The params, targets, factors, and rules over several rows that differ."""
    return {
        kind: named_changes(_named(old, kind), _named(new, kind))
        for kind in ("params", "targets", "factors", "uniques", "dependencies", "lookups")
    }


def _named(program: Program, kind: str) -> dict[str, Node]:
    return {getattr(node, "column" if kind == "factors" else "name"): node for node in getattr(program, kind)}
