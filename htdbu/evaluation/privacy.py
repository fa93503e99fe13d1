"""Privacy: exact copies, and whether synthetic rows lie nearer to rows that were seen than to rows that were not.

dcr_share is the share of synthetic rows whose nearest real row is a training row rather than a test row, both sets of
the same size; 0.5 is ideal. It needs test rows. It is a warning light, no guarantee.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.neighbors import NearestNeighbors

from htdbu.evaluation.context import Context
from htdbu.evaluation.features import Encoder, Matrix

_MOST_ROWS = 10_000


def privacy(context: Context) -> dict[str, Any]:
    """`dcr_share` (None without test rows) and `copied_rows`."""
    return {"dcr_share": dcr_share(context), "copied_rows": copied_rows(context)}


def copied_rows(context: Context) -> int:
    """How many synthetic rows equal a real one in every column that is no text and no key."""
    known = set(_keys(context.real[context.compared]))
    return sum(key in known for key in _keys(context.synthetic[context.compared]))


def _keys(frame: pd.DataFrame) -> list[tuple[str, ...]]:
    words = [frame[name].astype("object").where(frame[name].notna(), None).map(repr) for name in frame.columns]
    return list(zip(*words, strict=True))


def dcr_share(context: Context) -> float | None:
    """The share of synthetic rows nearer to a training row than to a test row; ties count half."""
    if context.test is None or not len(context.synthetic):
        return None
    count = min(len(context.real), len(context.test), _MOST_ROWS)
    if not count:
        return None
    rng = np.random.default_rng(context.random_state)
    encoder = Encoder(context.compared).fit(context.real)
    seen, unseen = (encoder.transform(_some(frame, count, rng)) for frame in (context.real, context.test))
    rows = encoder.transform(_some(context.synthetic, _MOST_ROWS, rng))
    if not rows.shape[1]:
        return None
    near, far = _nearest(seen, rows), _nearest(unseen, rows)
    return float(((near < far) + 0.5 * (near == far)).mean())


def _some(frame: pd.DataFrame, most: int, rng: np.random.Generator) -> pd.DataFrame:
    if len(frame) <= most:
        return frame
    return frame.iloc[np.sort(rng.choice(len(frame), most, replace=False))]


def _nearest(known: Matrix, rows: Matrix) -> Matrix:
    distances: Matrix = NearestNeighbors(n_neighbors=1).fit(known).kneighbors(rows)[0][:, 0]
    return distances
