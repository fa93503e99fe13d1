"""The metrics: each is one file here, and one line in the list below."""

from htdbu.evaluation.comparison import Metric
from htdbu.evaluation.metrics import (
    alpha_precision,
    beta_recall,
    closeness,
    copies,
    detection,
    drift,
    membership,
    nndr,
    pile_up,
    shape,
    trend,
    utility,
    violations,
    xmodal,
)

METRICS: tuple[Metric, ...] = (
    utility.METRIC,
    xmodal.METRIC,
    violations.METRIC,
    shape.METRIC,
    trend.METRIC,
    detection.METRIC,
    alpha_precision.METRIC,
    beta_recall.METRIC,
    closeness.METRIC,
    copies.METRIC,
    nndr.METRIC,
    membership.METRIC,
    drift.METRIC,
    pile_up.METRIC,
)

__all__ = ["METRICS"]
