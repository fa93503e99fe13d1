"""Who tells what about whom."""

from __future__ import annotations

import numpy as np
import pandas as pd

from htdbu.generators.dependence import dependence, drawing_order
from htdbu.generators.table import Table


def information(frame: pd.DataFrame) -> np.ndarray:
    table, ranks = Table.learn(frame)
    groups = [column.group_of(cells) for column, cells in zip(table.columns, ranks.T, strict=True)]
    return dependence(table.columns, np.column_stack(groups))


def test_a_copy_tells_the_whole_entropy() -> None:
    shares = np.array([0.5, 0.3, 0.2])
    letter = np.repeat(["a", "b", "c"], (shares * 1000).astype(int))
    found = information(pd.DataFrame({"letter": letter, "copy": letter}))
    entropy = -(shares * np.log(shares)).sum()
    assert abs(found[0, 1] - (entropy - 4 / 2000)) < 1e-12
    assert found[0, 1] == found[1, 0]
    assert [0, 0] == np.diag(found).tolist()


def test_independent_columns_tell_next_to_nothing() -> None:
    rng = np.random.default_rng(1)
    found = information(pd.DataFrame(rng.normal(size=(4000, 6))))
    assert found.max() < 3 * np.sqrt(2 * 15**2) / (2 * 4000)  # three deviations of a chi square of 225, by 2n


def test_missing_cells_and_bent_curves_count() -> None:
    rng = np.random.default_rng(2)
    x = rng.normal(size=2000)
    found = information(pd.DataFrame({"x": x, "bent": x**2, "hole": np.where(x > 1, np.nan, rng.normal(size=2000))}))
    assert found[0, 1] > 1
    assert found[0, 2] > 0.2


def test_free_text_tells_nothing() -> None:
    found = information(pd.DataFrame({"text": [f"note {i}" for i in range(500)], "row": range(500)}))
    assert np.zeros((2, 2)).tolist() == found.tolist()


def test_the_order_starts_at_the_most_entangled_and_follows_the_ties() -> None:
    ties = np.zeros((5, 5))
    for a, b, tie in ((0, 1, 0.1), (2, 3, 0.9), (3, 4, 0.5), (4, 1, 0.2)):
        ties[a, b] = ties[b, a] = tie
    assert [3, 2, 4, 1, 0] == drawing_order(ties)
    assert [0, 1, 2] == drawing_order(np.zeros((3, 3)))
