"""A table with a known truth, its rules, and what a diagnosis is given."""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np
import pandas as pd
import pytest

from htdbu.evaluation.tuning.evidence import Evidence
from htdbu.evaluation.tuning.recipe import Recipe
from htdbu.evaluation.tuning.rows import RealRows
from htdbu.evaluation.tuning.setup import Setup
from htdbu.grammar.source import Source

TRUTH = """\
table club {
  id      : int key
  age     : int in 10..99
  member  : category { "junior", "adult", "senior" }
  fee     : int in 0..1_000
  visits  : int in 0..400
  town    : category { "north", "south", "east" }
  trainer : bool
}
## Nobody plays before ten.
hard youngest:      age >= 10
hard junior_age:    member == "junior" => age <= 17
hard senior_age:    member == "senior" => age >= 65
hard fee_of_visits: fee <= 5 * visits + 20
hard south_cheap:   town == "south" => fee <= 300

factor trainer {
  true  -> town in { "north", "south", "east" }
  false -> town in { "north", "south", "east" }
}
target trainers: share(trainer) in 10%..40%
"""
"""Rules that every row of `club` keeps."""

Begin = Callable[..., tuple[Setup, Evidence]]


def club(n: int = 900, seed: int = 1) -> pd.DataFrame:
    """Rows that keep `TRUTH`: a quarter are trainers, juniors are 17 at most, seniors 65 at least."""
    rng = np.random.default_rng(seed)
    age = np.clip(rng.normal(42, 20, n).round(), 10, 95).astype(int)
    town = rng.choice(["north", "south", "east"], n, p=[0.5, 0.3, 0.2])
    visits = rng.integers(0, 120, n)
    fee = (rng.uniform(0.2, 1, n) * (5 * visits + 20)).astype(int)
    return pd.DataFrame(
        {
            "id": np.arange(n),
            "age": age,
            "member": np.where(age <= 17, "junior", np.where(age >= 65, "senior", "adult")),
            "fee": np.where(town == "south", np.minimum(fee, 300), fee),
            "visits": visits,
            "town": town,
            "trainer": rng.random(n) < 0.25,
        }
    )


@pytest.fixture(scope="session")
def begin() -> Begin:
    """Set-up and evidence of some rules over some rows."""

    def made(
        text: str, real: pd.DataFrame | None = None, keep: Collection[str] = (), recipe: Recipe | None = None
    ) -> tuple[Setup, Evidence]:
        setup = Setup.of(Source("club.htr", text), recipe or Recipe.of("trees", {}), {}, keep)
        return setup, Evidence(RealRows(setup.program, club() if real is None else real, (), 0), 1, lambda what: None)

    return made
