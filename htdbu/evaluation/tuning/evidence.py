"""Everything that diagnoses ask for, measured when it is first asked for and kept: the counterfactuals of a set-up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from htdbu.compiler.program import Program
from htdbu.errors import InfeasibleError
from htdbu.evaluation.tuning.likeness import Likeness, likeness
from htdbu.evaluation.tuning.noise import Noise
from htdbu.evaluation.tuning.recipe import Recipe
from htdbu.evaluation.tuning.rows import RealRows
from htdbu.evaluation.tuning.setup import Setup
from htdbu.generators.arrays import Mask
from htdbu.generators.synthesis import synthesize
from htdbu.solver.encoding import encode
from htdbu.solver.outcomes import Outcome, hard_failures, row_outcomes, table_outcomes
from htdbu.solver.repair import repair
from htdbu.solver.table import EncodedTable

REPEATS = 3
"""So many samples of a model are scored, and their mean is taken."""
MOST_REPAIRED = 2_000
"""So many real rows are repaired to see what a rule does to them."""

T = TypeVar("T")


@dataclass(frozen=True)
class Final:
    """Rows under the rules and the plan, learned from one half of the real rows.

    Attributes:
        frame: as generators see them; None where the rules leave no such rows, and `why` says so.
        likeness: how like the other half they are.
    """

    frame: pd.DataFrame | None
    likeness: Likeness | None
    raw_violations: dict[str, Any] | None
    why: str = ""


@dataclass(frozen=True)
class Mended:
    """Rows after a repair, as generators see them, and which of them no change can mend (`left`)."""

    frame: pd.DataFrame
    left: Mask


class Evidence:
    """What was measured so far.

    Args:
        rows: the real rows.
        threads: how many threads may work.
        tell: called with what is measured next, in words.
        pools: tables with the columns `text` and `label`, by the names of the pools; the real rows by default.
    """

    def __init__(
        self,
        rows: RealRows,
        threads: int | None,
        tell: Callable[[str], None],
        pools: Mapping[str, Any] | None = None,
    ) -> None:
        self.rows, self.threads, self._tell, self._pools = rows, threads, tell, pools
        self._known: dict[tuple[str, ...], Any] = {}

    def once(self, key: tuple[str, ...], what: str, measure: Callable[[], T]) -> T:
        """What `measure` gives, measured once for each key."""
        if key not in self._known:
            self._tell(what)
            self._known[key] = measure()
        found: T = self._known[key]
        return found

    def noise(self, statistic: str) -> Noise:
        """The noise of a statistic among real rows."""
        self.once(("splits",), "what real rows score against real rows", lambda: self.rows.splits)
        return self.rows.noise(statistic)

    def raw(self, recipe: Recipe) -> Likeness:
        """Samples of a model that knows no rules and no plan, against the rows that judge."""

        def measure() -> Likeness:
            model = recipe.make(self.rows.seed, self.threads).fit(self.rows.train)
            samples = [model.sample(self.rows.compared, random_state=self.rows.seed + k) for k in range(REPEATS)]
            return Likeness.mean([likeness(self.rows.judge, sample, k) for k, sample in enumerate(samples)])

        return self.once(("raw", recipe.key), f"raw samples of {recipe.said}", measure)

    def table(self, setup: Setup) -> EncodedTable:
        """The real rows as the rules of a set-up read them."""
        columns = repr(setup.program.columns)
        return self.once(
            ("table", columns),
            "the real rows under the rules",
            lambda: encode(setup.program, self.rows.raw, self.rows.nulls),
        )

    def outcomes(self, setup: Setup) -> list[Outcome]:
        """What every hard rule says of every real row."""

        def measure() -> list[Outcome]:
            table = self.table(setup)
            found = [*row_outcomes(setup.program, table), *table_outcomes(setup.program, table)]
            return [outcome for outcome in found if outcome.kind != "soft"]

        return self.once(("outcomes", setup.source.text), "the real rows under each rule", measure)

    def repaired(self, setup: Setup) -> Likeness:
        """Real rows that judge, repaired under the rules, against the real rows to learn from."""

        def measure() -> Likeness:
            table = self.table(setup)
            order = self.rows.rng(0).permutation(table.n_rows)
            judged = order[len(order) // 2 :][: self.rows.compared]
            after = self.mended(setup.program, judged)
            return likeness(self.rows.train[: self.rows.compared], after.frame, 0)

        return self.once(("repaired", setup.source.text), "real rows repaired under the rules", measure)

    def mended(self, program: Program, rows: Sequence[int] | np.ndarray[Any, Any]) -> Mended:
        """Some real rows as the nearest ones that a program allows, as generators see them."""
        part = self.rows.raw.iloc[np.asarray(rows)].reset_index(drop=True)
        table = encode(program, part, self.rows.nulls)
        before = self.rows.texture(program, table)
        broken = np.flatnonzero(hard_failures(program, table))
        left = np.zeros(len(part), bool)
        if not broken.size:
            return Mended(before, left)
        fixed = repair(
            program,
            part.iloc[broken].reset_index(drop=True),
            threads=self.threads,
            nulls=self.rows.nulls,
            pools=self._pools,
        )
        after = self.rows.texture(program, encode(program, fixed.data, self.rows.nulls))
        kept = np.setdiff1d(np.arange(len(part)), broken)
        joined = pd.concat([before.iloc[kept].set_axis(kept), after.set_axis(broken)])
        left[broken[fixed.unrepaired["row"].to_numpy(dtype=np.int64)]] = True
        return Mended(joined.sort_index().reset_index(drop=True), left)

    def final(self, setup: Setup) -> Final:
        """Rows under the rules and the plan, against the rows that judge."""

        def measure() -> Final:
            rows = self.rows
            try:
                made = synthesize(
                    setup.program,
                    rows.train_raw,
                    rows.compared,
                    generator=setup.recipe.make(rows.seed, self.threads),
                    random_state=rows.seed,
                    threads=self.threads,
                    nulls=rows.nulls,
                    pools=self._pools,
                )
            except InfeasibleError as error:
                return Final(None, None, None, error.message)
            frame = rows.texture(setup.program, encode(setup.program, made.data, rows.nulls))
            return Final(frame, likeness(rows.judge, frame, 0), made.report.raw_violations)

        return self.once(("final", setup.source.text, setup.recipe.key), f"rows of {setup.recipe.said}", measure)
