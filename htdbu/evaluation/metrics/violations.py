"""Violations: the synthetic rows judged by every rule, an independent check of what was written."""

from __future__ import annotations

from htdbu.evaluation.comparison import Comparison, Measured, Metric
from htdbu.solver.check import check


def measure(comparison: Comparison) -> Measured:
    """`violations`, in the form of `check --format json`; targets with `~ real` are held against the real rows."""
    raw = comparison.raw
    return Measured({"violations": check(comparison.program, raw.synthetic, real=raw.real, nulls=raw.nulls).to_dict()})


METRIC = Metric("violations", ("violations",), measure)
