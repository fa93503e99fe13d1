"""Texts drawn from a pool by label: no repeats until a label's texts are used up, then from the beginning again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from htdbu.errors import DataError
from htdbu.solver.pools import Pool


def draw_texts(column: str, pool: Pool, labels: Sequence[str | None], rng: np.random.Generator) -> list[str]:
    """One text for every label.

    Raises:
        DataError: where the pool has no text for a label.
    """
    drawn = [""] * len(labels)
    rows: dict[str | None, list[int]] = {}
    for row, label in enumerate(labels):
        rows.setdefault(label, []).append(row)
    for label in sorted(rows, key=lambda label: (label is not None, label or "")):
        texts = pool.get(label)
        if not texts:
            known = ", ".join(f'"{name}"' for name in pool if name is not None) or "none"
            raise DataError(
                f'the pool of the text column `{column}` has no text for "{label}"', f"it has texts for {known}"
            )
        for start in range(0, len(rows[label]), len(texts)):
            order = rng.permutation(len(texts))
            for row, i in zip(rows[label][start : start + len(texts)], order.tolist(), strict=False):
                drawn[row] = texts[i]
    return drawn
