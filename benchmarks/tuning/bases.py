"""The tables, their healthy rule files, and what was measured of them: shared by all cases on the same rows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import pandas as pd

from benchmarks.texture import tables
from htdbu.datasets import load_loans, loans_rules
from htdbu.evaluation.tuning.evidence import Evidence
from htdbu.evaluation.tuning.recipe import Recipe
from htdbu.evaluation.tuning.rows import RealRows
from htdbu.evaluation.tuning.setup import Setup
from htdbu.grammar.source import Source

HERE = Path(__file__).parent
ROWS = 3_000
"""Real rows of a case: one half is learned from, the other judges."""
TARGETS = {"bank": "y", "adult": "income", "loans": "defaulted"}
TABLES = tuple(TARGETS)
_UNSAID = ("target default_rate:", "target job_mix:", "target mood:", "target young_students:", "target grades:")


@dataclass(frozen=True)
class Base:
    """Real rows of a table, drawn by seed."""

    table: str
    seed: int
    real: pd.DataFrame
    rules: str

    @cached_property
    def healthy(self) -> Setup:
        """The set-up that nothing is wrong with: the healthy rules and the default generator."""
        return self.setup(self.rules, Recipe.of(None, {}))

    def setup(self, text: str, recipe: Recipe) -> Setup:
        """A set-up of a rule file."""
        return Setup.of(Source(f"{self.table}.htr", text), recipe, {})

    @cached_property
    def evidence(self) -> Evidence:
        """What was measured on these rows so far."""
        rows = RealRows(self.healthy.program, self.real, (), self.seed)
        return Evidence(rows, 1, lambda what: None)


@lru_cache(maxsize=2)
def base(data: Path, table: str, seed: int) -> Base:
    """Some rows of a table, and its healthy rules."""
    if table == "loans":
        # A stated rate of defaults and mixes would stand against a factor's shares: one fault would be two.
        lines = [line for line in loans_rules().split("\n") if not line.startswith(_UNSAID)]
        return Base(table, seed, load_loans(ROWS, seed), "\n".join(lines))
    whole = tables.bank(data) if table == "bank" else tables.adult(data)
    real = whole.sample(ROWS, random_state=seed).reset_index(drop=True)
    return Base(table, seed, real, (HERE / f"{table}.htr").read_text("utf-8"))
