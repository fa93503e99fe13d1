"""Whether a new rule file accepts the rows that an old one accepts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from htdbu.analyses.block import EFFORT
from htdbu.analyses.difference.declarations import column_change, declaration_changes
from htdbu.analyses.difference.merge import Which, merged
from htdbu.analyses.difference.rules import RuleChange, rule_changes, uncompared, verdict
from htdbu.analyses.difference.space import Found, Space
from htdbu.analyses.difference.union import union_columns
from htdbu.analyses.witness.found import DisagreementError
from htdbu.compiler.lowering import normalise
from htdbu.compiler.program import Program


@dataclass(frozen=True)
class Difference:
    """How two rule files differ.

    Attributes:
        verdict: what the new file is: `equivalent` (it accepts the same rows), `stricter` (fewer), `looser` (more),
            `neither`, or `undecided`.
        only_old, only_new: a row that only one of them accepts.
        columns: of each column its name, what became of it, and what differs.
        declarations: by kind (`params`, `targets`, …) what became of those that differ.
        incomparable: the columns whose types have no value in common, which leave the rules uncompared.
    """

    verdict: str
    only_old: Found
    only_new: Found
    rules: tuple[RuleChange, ...]
    columns: tuple[dict[str, Any], ...]
    declarations: Mapping[str, list[dict[str, Any]]]
    incomparable: tuple[str, ...] = ()

    @property
    def undecided(self) -> list[str]:
        """What the search could not find out."""
        parts = {"only_old": self.only_old, "only_new": self.only_new}
        return [*(name for name, found in parts.items() if found.reason), *(r.name for r in self.rules if r.reason)]


def difference(old: Program, new: Program, effort: float = EFFORT) -> Difference:
    """How two programs over the same columns differ.

    Args:
        effort: deterministic time for one question.

    Raises:
        DisagreementError: check judges a row that was found otherwise.
    """
    sides = [(program.columns, normalise(program).columns) for program in (old, new)]
    union = union_columns(sides[0], sides[1])
    columns = tuple(column_change(column) for column in union)
    declarations = declaration_changes(old, new)
    incomparable = tuple(column.name for column in union if not column.is_comparable)
    if incomparable:
        rules = tuple(uncompared(old, new))
        return Difference("neither", Found(), Found(), rules, columns, declarations, incomparable)
    space = Space(merged(old, new), {"old": old, "new": new}, effort)
    only_old, only_new = _judged(space, "old", "new"), _judged(space, "new", "old")
    rules = tuple(rule_changes(space))
    return Difference(verdict(only_old, only_new), only_old, only_new, rules, columns, declarations)


def _judged(space: Space, which: Which, other: Which) -> Found:
    """A row that only one file accepts, as check judges it with both."""
    found = space.only(which, other)
    if found.row is not None and (found.row.rejected_by(which) or not found.row.rejected_by(other)):
        hint = "this is a fault of htdbu, please report it with both files"
        raise DisagreementError("a row that only one of the files accepts is judged otherwise by check", hint)
    return found
