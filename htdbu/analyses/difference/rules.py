"""The rules of two files by name: what became of each, with rows that show it."""

from __future__ import annotations

from dataclasses import dataclass

from htdbu.analyses.block import Block
from htdbu.analyses.difference.merge import Which
from htdbu.analyses.difference.rows import UnionRow
from htdbu.analyses.difference.space import Found, Space
from htdbu.analyses.witness.found import DisagreementError
from htdbu.compiler.program import Program, Rule
from htdbu.solver.cpsat.model import Literal
from htdbu.solver.solutions import Status

NONE = Found()


@dataclass(frozen=True)
class RuleChange:
    """What became of a rule.

    Attributes:
        old, new: the rule in each file.
        change: `added`, `removed`, `unchanged`, `equivalent` (written otherwise), `reweighted`, `stricter`, `looser`,
            `neither`, `undecided`, or `incomparable` where the columns are.
        only_old: a row that the old rule lets pass and the new one does not; of an added rule, one that the old file
            accepts and the rule does not.
        only_new: the same the other way round.
    """

    name: str
    old: Rule | None
    new: Rule | None
    change: str
    only_old: Found = NONE
    only_new: Found = NONE

    @property
    def reason(self) -> str:
        """Why something stays open."""
        return self.only_old.reason or self.only_new.reason


def verdict(only_old: Found, only_new: Found) -> str:
    """What the new side is to the old one, by whether there are rows that only one of them accepts."""
    match only_old.exists, only_new.exists:
        case (False, False):
            return "equivalent"
        case (True, True):
            return "neither"
        case (True, False):
            return "stricter"
        case (False, True):
            return "looser"
    return "undecided"


def rule_changes(space: Space) -> list[RuleChange]:
    """What became of every rule, in the order of the old file and then of the new one."""
    old, new = (_by_name(space.files[which]) for which in ("old", "new"))
    return [_change(space, name, old.get(name), new.get(name)) for name in dict.fromkeys([*old, *new])]


def uncompared(old: Program, new: Program) -> list[RuleChange]:
    """What became of every rule as far as it can be read off, where the columns cannot be compared."""
    first, second = _by_name(old), _by_name(new)
    found = []
    for name in dict.fromkeys([*first, *second]):
        before, now = first.get(name), second.get(name)
        change = "added" if before is None else "removed" if now is None else "incomparable"
        found.append(RuleChange(name, before, now, "unchanged" if before == now else change))
    return found


def _by_name(program: Program) -> dict[str, Rule]:
    return {rule.name: rule for rule in program.rules}


def _change(space: Space, name: str, old: Rule | None, new: Rule | None) -> RuleChange:
    if new is None:
        return RuleChange(name, old, new, "removed", only_new=_gone(space, name, old, "old", "new"))
    if old is None:
        return RuleChange(name, old, new, "added", only_old=_gone(space, name, new, "new", "old"))
    if old.kind != new.kind:
        softer = old.kind == "hard"
        found = _gone(space, name, old if softer else new, *(("old", "new") if softer else ("new", "old")))
        change = "looser" if softer else "stricter"
        return RuleChange(name, old, new, change, **{"only_new" if softer else "only_old": found})
    only_old, only_new = _only(space, name, "old", "new"), _only(space, name, "new", "old")
    change = verdict(only_old, only_new)
    if change == "equivalent" and (old.body, old.guard) == (new.body, new.guard):
        change = "unchanged"
    if change in ("equivalent", "unchanged") and old.weight != new.weight:
        change = "reweighted"
    return RuleChange(name, old, new, change, only_old, only_new)


def _gone(space: Space, name: str, rule: Rule | None, which: Which, other: Which) -> Found:
    """A row that a file accepts and a hard rule that it does not have rejects."""
    block = space.block_of(f"{which} {name}")
    if rule is None or rule.kind == "soft":
        return NONE
    if block is None:
        return Found(reason=space.reason)
    wanted = [*space.declared(block), *space.demands(block, other), ~block.rules[f"{which} {name}"]]
    found = _asked(space, block, wanted, other)
    if found.row is not None and (found.row.rejected_by(other) or name not in found.row.fails(which)):
        raise _disagreement(name)
    return found


def _only(space: Space, name: str, which: Which, other: Which) -> Found:
    """A row of both files' declarations that breaks a rule of one file only."""
    block = space.block_of(f"{which} {name}")
    if block is None:
        return Found(reason=space.reason)
    kept, broken = block.rules[f"{which} {name}"], ~block.rules[f"{other} {name}"]
    if kept == ~broken:
        return NONE
    found = _asked(space, block, [*space.declared(block), kept, broken], None)
    if found.row is not None and not _shows(found.row, name, which, other):
        raise _disagreement(name)
    return found


def _shows(row: UnionRow, name: str, which: Which, other: Which) -> bool:
    return name in row.fails(other) and name not in row.fails(which)


def _asked(space: Space, block: Block, wanted: list[Literal], fill: Which | None) -> Found:
    if block.ask(wanted).status is Status.INFEASIBLE:
        return NONE
    return space.row(block, wanted, fill)


def _disagreement(name: str) -> DisagreementError:
    hint = "this is a fault of htdbu, please report it with both files"
    return DisagreementError(f"a row that was found for `{name}` is judged otherwise by check", hint)
