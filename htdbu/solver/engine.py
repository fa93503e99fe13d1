"""What a repair engine is, and where engines are found.

An engine is one module of this package whose name ends in `_engine` and that binds `ENGINE` to the engine's class.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from importlib import import_module
from typing import Protocol

import htdbu.solver
from htdbu.errors import UsageError
from htdbu.solver.cells import Mode, Row
from htdbu.solver.components import Component

SUFFIX = "_engine"


class Status(Enum):
    """How the repair of one row of one block ended."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"

    @property
    def solved(self) -> bool:
        """Whether there is a row to go on with."""
        return self in (Status.OPTIMAL, Status.FEASIBLE)


@dataclass(frozen=True, slots=True)
class Solution:
    """The repair of one row of one block.

    Attributes:
        values: the new cells in the order of `Component.mutable` (None: null; texts by their local codes); empty where
            there is no solution.
        price: the price in the units of the block's `Prices`.
    """

    status: Status
    values: tuple[int | None, ...] = ()
    price: int = 0


class Engine(Protocol):
    """Finds the cheapest repairs of rows of a block; equal rows must get equal solutions, from every engine."""

    name: str

    def solve(self, component: Component, rows: Sequence[Row], effort: float) -> list[Solution]:
        """The repairs of several rows, in their order; may be called from several threads at once.

        Args:
            effort: what the search for one row may cost, in deterministic units of time.
        """
        ...


def fixed_cells_hold(component: Component, row: Row) -> bool:
    """Whether every cell that must not change is a value of its box, or a null where there may be one."""
    cells = dict(zip(component.cells, row, strict=True))
    return all(
        cells[i].mode == Mode.VALUE or (cells[i].mode == Mode.NULL and component.column(i).nullable)
        for i in component.fixed
    )


def names() -> list[str]:
    """The names of all engines."""
    return sorted(_modules())


def engine(name: str) -> Engine:
    """The engine of that name; `auto` picks for the caller. UsageError where there is none."""
    found = _modules()
    wanted = "cp-sat" if name == "auto" else name
    if wanted not in found:
        raise UsageError(f"there is no repair engine `{name}`", f"one of: auto, {', '.join(sorted(found))}")
    made: Engine = import_module(f"{htdbu.solver.__name__}.{found[wanted]}").ENGINE()
    return made


def _modules() -> dict[str, str]:
    """The module of each engine, by name: `cp_sat_engine` holds `cp-sat`."""
    modules = (module.name for module in pkgutil.iter_modules(htdbu.solver.__path__))
    return {m.removesuffix(SUFFIX).replace("_", "-"): m for m in modules if m.endswith(SUFFIX)}
