"""Drift: how far the marginal of every column moved."""

from __future__ import annotations

from typing import Any

import pandas as pd

from htdbu.evaluation.context import Context, amounts, is_label, labels
from htdbu.evaluation.fidelity import column_error


def drift(context: Context) -> dict[str, Any]:
    """Per column its `distance` (see `column_error`) and what moved most."""
    if not len(context.synthetic) or not len(context.real):
        return {"drift": {}}
    return {"drift": {name: _column(context.real[name], context.synthetic[name]) for name in context.compared}}


def _column(real: pd.Series, synthetic: pd.Series) -> dict[str, Any]:
    found: dict[str, Any] = {"distance": column_error(real, synthetic)}
    if is_label(real):
        before, after = (labels(side).value_counts(normalize=True) for side in (real, synthetic))
        moved = after.sub(before, fill_value=0.0)
        level = min(moved.index, key=lambda word: (-abs(moved[word]), word))
        return {
            **found,
            "level": level,
            "real": float(before.get(level, 0.0)),
            "synthetic": float(after.get(level, 0.0)),
        }
    before, after = amounts(real), amounts(synthetic)
    spread = float(before.std(ddof=0))
    shift = (after.mean() - before.mean()) / spread if spread > 0 else float("nan")
    return {
        **found,
        "mean_shift": None if pd.isna(shift) else float(shift),
        "missing_real": float(before.isna().mean()),
        "missing_synthetic": float(after.isna().mean()),
    }
