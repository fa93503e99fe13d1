"""XModal: how far the synthetic joint of target and text sentiment is from the real one.

Total variation distance of the two joints (H-TDBU, section on cross-modal consistency). Its floor is what a sample of
real rows of the synthetic table's size gets against the whole real table, averaged over seeded draws.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from htdbu.evaluation.context import Context
from htdbu.evaluation.distances import joint_counts, variation

_DRAWS = 20


def xmodal(context: Context) -> dict[str, Any]:
    """`xmodal` and `xmodal_floor`; None without a sentiment column or without rows."""
    columns = (context.target, *context.sentiment)
    if not context.sentiment:
        context.notes.append("XModal is not measured: no column of sentiment beside the target was found")
    if not context.sentiment or not len(context.synthetic) or not len(context.real):
        return {"xmodal": None, "xmodal_floor": None}
    real = joint_counts(context.real, columns)
    return {
        "xmodal": variation(joint_counts(context.synthetic, columns), real),
        "xmodal_floor": _floor(context, columns),
    }


def _floor(context: Context, columns: tuple[str, ...]) -> float:
    rng = np.random.default_rng(context.random_state)
    real = joint_counts(context.real, columns)
    shares = (real / real.sum()).to_numpy()
    draws = rng.multinomial(len(context.synthetic), shares, size=_DRAWS) / len(context.synthetic)
    return float(np.abs(draws - shares).sum(axis=1).mean() / 2)
