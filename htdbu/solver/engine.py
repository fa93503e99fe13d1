"""What a repair engine is, and where engines are found.

An engine is one module of this package whose name ends in `_engine` and that binds `ENGINE` to the engine's class.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import Protocol

import htdbu.solver
from htdbu.errors import UsageError
from htdbu.solver.components import Component
from htdbu.solver.problems import Problems
from htdbu.solver.solutions import Solutions

SUFFIX = "_engine"
AUTO = "auto"
GENERAL = "cp-sat"
"""The engine that takes every block and every row."""


class Engine(Protocol):
    """Finds the cheapest repairs of rows of a block; equal rows must get equal solutions, from every engine.

    Attributes:
        name: what the command line calls it.
        rank: engines are asked in this order, those that answer fastest first.
        batch: how many rows a thread should solve at a time.
        joins_equal: whether a row costs so much that equal ones are to be found first and solved once.
        is_at_hand: whether it can start at once, without a compiler at work first.
        stand_in: what does the same more slowly, but at once; None where there is no such thing.
    """

    name: str
    rank: int
    batch: int
    joins_equal: bool

    @property
    def is_at_hand(self) -> bool:
        """See above."""
        ...

    @property
    def stand_in(self) -> Engine | None:
        """See above."""
        ...

    def takes(self, component: Component, n_rows: int) -> bool:
        """Whether the engine can, and should, solve so many different rows of a block."""
        ...

    def solve(self, problems: Problems, effort: float) -> Solutions:
        """The repairs of several rows; may be called from several threads at once.

        Rows that are left `UNKNOWN` go to the next engine.

        Args:
            effort: what the search for one row may cost, in CP-SAT's deterministic units of time.
        """
        ...


def names() -> list[str]:
    """The names of all engines."""
    return sorted(_modules())


def engine(name: str) -> Engine:
    """The engine of that name. UsageError where there is none."""
    found = _modules()
    if name not in found:
        raise UsageError(f"there is no repair engine `{name}`", f"one of: {AUTO}, {', '.join(sorted(found))}")
    made: Engine = import_module(f"{htdbu.solver.__name__}.{found[name]}").ENGINE()
    return made


def chain(name: str = AUTO) -> list[Engine]:
    """The engines that rows go through, each taking what it can: all of them, or the named one and the general one."""
    wanted = names() if name == AUTO else list(dict.fromkeys((name, GENERAL)))
    return sorted((engine(each) for each in wanted), key=lambda each: each.rank)


def _modules() -> dict[str, str]:
    """The module of each engine, by name: `cp_sat_engine` holds `cp-sat`."""
    modules = (module.name for module in pkgutil.iter_modules(htdbu.solver.__path__))
    return {m.removesuffix(SUFFIX).replace("_", "-"): m for m in modules if m.endswith(SUFFIX)}
