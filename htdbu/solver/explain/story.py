"""What is told of one row. Cells are as the table spells them; None is null. Prices are exact."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from htdbu.solver.explain.texts import Stated

Cell = str | int | float | None


@dataclass(frozen=True)
class Broken:
    """A rule that the row fails as it stands; `reads` are the cells that it looks at, by header."""

    name: str
    kind: str
    weight: float | None
    stated: Stated
    reads: dict[str, Cell]

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        told = {"rule": self.name, "kind": self.kind, "weight": self.weight}
        return told | self.stated.to_dict() | {"reads": dict(self.reads)}


@dataclass(frozen=True)
class Change:
    """A cell that a repair changes.

    Attributes:
        price: what the change costs; 0 for a cell that follows others.
        rules: the rules that asked for it, see `htdbu.solver.reasons`.
        follows: the changed columns that a derived cell is computed from, or the label that a text is drawn for.
    """

    column: str
    before: Cell
    after: Cell
    price: Fraction
    rules: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        told = {"column": self.column, "before": self.before, "after": self.after, "price": float(self.price)}
        return told | {"rules": list(self.rules), "follows": list(self.follows)}


@dataclass(frozen=True)
class Version:
    """How the row would be repaired under another condition.

    Attributes:
        status: `optimal`, `feasible` (valid, not proved nearest), `infeasible` or `unknown`.
        price: what it costs; None where there is no repair.
        changes: the cells that cost something; none where there is no repair.
        pays: the soft rules that fail then.
        conflict: for an infeasible row the rules and fixed cells that cannot agree.
    """

    status: str
    price: Fraction | None
    changes: tuple[Change, ...] = ()
    pays: tuple[str, ...] = ()
    conflict: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        cells = [{"column": c.column, "before": c.before, "after": c.after} for c in self.changes]
        price = None if self.price is None else float(self.price)
        told = {"status": self.status, "price": price, "changes": cells}
        return told | {"pays": list(self.pays), "conflict": list(self.conflict)}


@dataclass(frozen=True)
class Kept:
    """The repair that insists on keeping a cell which the cheapest one changes; its conflict names the others."""

    column: str
    cell: Cell
    version: Version

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return {"column": self.column, "kept": self.cell} | self.version.to_dict()


@dataclass(frozen=True)
class Member:
    """A rule or fixed cell of a conflict, and how the row would be repaired without it.

    Attributes:
        without: None for a domain or a null, which is not left out.
    """

    name: str
    stated: Stated
    cell: dict[str, Cell]
    without: Version | None

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        without = None if self.without is None else self.without.to_dict()
        return {"member": self.name} | self.stated.to_dict() | {"cell": dict(self.cell), "without": without}


@dataclass(frozen=True)
class RowStory:
    """The story of one row.

    Attributes:
        row: its number, from 0.
        cells: the row as it is, by header.
        status: `optimal` (also of a row that needs no repair), `feasible`, `unknown` or `infeasible`.
        breaks: what it fails, in the order of reports.
        changes: what the repair changes, in the order of the columns.
        pays: the soft rules that the repaired row fails.
        price: the price of the repair, those soft rules included; None where there is no repair.
        kept: for each changed cell that costs something the repair that keeps it.
        conflict: for an infeasible row the smallest set of rules and fixed cells that cannot agree.
        notes: what the story leaves out.
    """

    row: int
    cells: dict[str, Cell]
    status: str
    breaks: tuple[Broken, ...]
    changes: tuple[Change, ...]
    pays: tuple[str, ...]
    price: Fraction | None
    kept: tuple[Kept, ...]
    conflict: tuple[Member, ...]
    notes: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The contract's `repair --explain --format json`."""
        return {
            "row": self.row,
            "cells": dict(self.cells),
            "status": self.status,
            "breaks": [broken.to_dict() for broken in self.breaks],
            "changes": [change.to_dict() for change in self.changes],
            "pays": list(self.pays),
            "price": None if self.price is None else float(self.price),
            "kept": [kept.to_dict() for kept in self.kept],
            "conflict": [member.to_dict() for member in self.conflict],
            "notes": list(self.notes),
        }
