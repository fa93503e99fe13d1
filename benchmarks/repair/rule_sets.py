"""The three rule sets: their files, how their columns are drawn, and the edge on which repaired rows are counted."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import htdbu
from htdbu.api import Program
from htdbu.solver.table import NULL, VALUE, EncodedTable

HERE = Path(__file__).parent
Settle = Callable[[Program, EncodedTable], None]
Shape = tuple[float, float]
"""The two parameters of a beta distribution over a column's range."""


@dataclass(frozen=True)
class Boundary:
    """The edge of a rule: what it is, and the condition of lying exactly on the edge, in the rule language."""

    rule: str
    condition: str


@dataclass(frozen=True)
class RuleSet:
    """One rule set.

    Attributes:
        rows: the rows of a full table.
        boundary: the edge whose rows are counted.
        shapes: how the values of some columns spread; the others do as `SHAPE`.
        settle: makes columns that others decide, in place, after those were drawn.
    """

    name: str
    says: str
    rows: int
    boundary: Boundary
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    settle: Settle = lambda program, table: None

    @property
    def path(self) -> Path:
        """The rule file."""
        return HERE / f"{self.name}.htr"

    @cached_property
    def program(self) -> Program:
        """The compiled rule file."""
        return htdbu.compile(self.path)

    @cached_property
    def edge(self) -> Program:
        """The same with one more rule, `on_the_edge`, which rows on the boundary pass."""
        return htdbu.compile_text(f"{self.path.read_text()}\nhard on_the_edge: {self.boundary.condition}\n")


SHAPE: Shape = (2.0, 4.0)
"""Most values in the lower half of a range, few at either end."""


def _settle_accounts(program: Program, table: EncodedTable) -> None:
    """The total adds up, a loan is secured exactly where there is a collateral, and a dormant one is not drawn."""
    at = program.column_index
    table.values[at["total"]] = table.values[at["income"]] + table.values[at["bonus"]]
    table.states[at["total"]] = VALUE
    table.values[at["secured"]] = table.states[at["collateral"]] != NULL
    table.values[at["drawn"]] *= table.values[at["flag_dormant"]] == 0


def _edges(path: Path) -> str:
    """The condition that a row of the large rule set lies on the edge of the first rule of any block."""
    found = re.findall(r"^hard r\d+_0: +(.+)$", path.read_text(), re.MULTILINE)
    return " or ".join(body.replace("<=", "==") for body in found)


TINY = RuleSet(
    name="tiny",
    says="8 columns, 3 rules",
    rows=1_000_000,
    boundary=Boundary("limit_ceiling", "credit_limit == 0.4 * income"),
    shapes={"income": (1.6, 9.0), "credit_limit": (1.2, 9.0), "drawn": (1.0, 9.0)},
)

REP = RuleSet(
    name="rep",
    says="25 columns, 23 rules",
    rows=500_000,
    boundary=Boundary("limit_ceiling", "credit_limit == 0.4 * total"),
    shapes={
        "income": (1.6, 9.0),
        "bonus": (1.0, 9.0),
        "credit_limit": (1.2, 9.0),
        "drawn": (1.0, 9.0),
        "share": (4.0, 2.0),
        "collateral": (1.5, 9.0),
        "children": (1.0, 4.0),
        "payment": (1.2, 9.0),
    },
    settle=_settle_accounts,
)

BIG = RuleSet(
    name="big",
    says="100 columns, 150 rules in 10 blocks",
    rows=200_000,
    boundary=Boundary("the first rule of every block", _edges(HERE / "big.htr")),
)

RULE_SETS = {each.name: each for each in (TINY, REP, BIG)}
