"""What the sections of a report are made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from htdbu.compiler.program import Program
from htdbu.solver.check import CheckReport, check
from htdbu.solver.typed import typed_frame


@dataclass(frozen=True)
class Material:
    """Everything that a section may read.

    Attributes:
        program: the rules.
        real, synthetic: the tables as they were given.
        scores: what was measured on them, in the form of `evaluate --format json`.
        synthesis: how the rows came about, in the form of `synthesize --format json`; None where that is not known.
        rounds: the log of the feedback loop, one entry a round.
        rules_text: the rule file; `rules_file` is the name under which it was compiled.
        seed: the seed to show instead of that of the synthesis or of the scores.
        nulls: further texts that mean null.
        show_real: whether cells of real rows may be shown.
    """

    program: Program
    real: pd.DataFrame = field(repr=False)
    synthetic: pd.DataFrame = field(repr=False)
    scores: Mapping[str, Any]
    synthesis: Mapping[str, Any] | None = None
    rounds: Sequence[Mapping[str, Any]] = ()
    rules_text: str | None = None
    rules_file: str | None = None
    seed: int | None = None
    nulls: tuple[str, ...] = ()
    show_real: bool = False

    @cached_property
    def typed_real(self) -> pd.DataFrame:
        """The real table, its columns typed."""
        return typed_frame(self.program, self.real, self.nulls)

    @cached_property
    def typed_synthetic(self) -> pd.DataFrame:
        """The synthetic table, its columns typed."""
        return typed_frame(self.program, self.synthetic, self.nulls)

    @cached_property
    def synthetic_check(self) -> CheckReport:
        """The synthetic rows judged by all rules, with the rows that fail."""
        return check(self.program, self.synthetic, nulls=self.nulls)

    @cached_property
    def real_check(self) -> CheckReport:
        """The real rows judged likewise."""
        return check(self.program, self.real, nulls=self.nulls)

    @property
    def violations(self) -> Mapping[str, Any]:
        """The check of the synthetic rows."""
        found: Mapping[str, Any] = self.scores["violations"]
        return found

    @property
    def raw_violations(self) -> Mapping[str, Any] | None:
        """The check of the rows before any rule was enforced, where it is known."""
        known = self.scores.get("raw_violations")
        return known or (None if self.synthesis is None else self.synthesis["raw_violations"]) or None

    @cached_property
    def real_violations(self) -> Mapping[str, Any]:
        """The check of the real rows: counts alone, no cells."""
        known = None if self.synthesis is None else self.synthesis.get("real_violations")
        found: Mapping[str, Any] = known or self.real_check.to_dict()
        return found

    @property
    def rows(self) -> Mapping[str, int | None]:
        """How many rows each table has: `real`, `synthetic`, and `test`, which may be None."""
        found: Mapping[str, int | None] = self.scores["setup"]["rows"]
        return found
