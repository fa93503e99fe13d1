"""Who takes part: the paper's six generators as it sets them, ours, and the paper's XGBoost in other settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import product

from benchmarks.paper_experiment import published
from htdbu.generators import paper, registry
from htdbu.generators.base import Generator

NEEDS = {"ctgan": "sdv", "tvae": "sdv"}
"""The package that a generator needs beyond what the others do."""
OURS = ("trees", "bits", "mixed")
POOLED = "independent, whole pool"
"""The independent generator with the sentiments of sentences drawn from all of them: another baseline without rules."""
TRAINING_ROWS = (1_000, 3_000, 8_000)
CONDITIONING = (4, 8, 12)


@dataclass(frozen=True)
class Contestant:
    """A generator: what it is called here, its name in the registry, and parameters in place of the paper's."""

    name: str
    base: str
    params: tuple[tuple[str, int], ...] = ()

    @property
    def needs(self) -> str | None:
        """The package that it needs and that is not installed."""
        package = NEEDS.get(self.base)
        return package if package is not None and find_spec(package) is None else None

    def create(self, seed: int) -> Generator:
        """A new generator."""
        if self.base in paper.SETTINGS:
            return paper.create(self.base, random_state=seed, **dict(self.params))
        return registry.create(self.base, random_state=seed, **dict(self.params))


def limited(rows: int, columns: int) -> Contestant:
    """The paper's XGBoost, learning each column from so many rows and at most so many other columns."""
    params = (("max_rows", rows), ("max_conditioning", columns))
    return Contestant(f"xgboost, {rows} rows, {columns} columns", "xgboost", params)


MAIN: Mapping[str, Contestant] = {
    **{name: Contestant(name, name) for name in (*published.GENERATORS, *OURS)},
    POOLED: Contestant(POOLED, "independent"),
}
ABLATION: Mapping[tuple[int, int], Contestant] = {
    setting: limited(*setting) for setting in product(TRAINING_ROWS, CONDITIONING)
}
