"""The metrics: each is one file here, and one line in the list below."""

from htdbu.evaluation.comparison import Metric
from htdbu.evaluation.metrics import (
    closeness,
    copies,
    detection,
    drift,
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
    closeness.METRIC,
    copies.METRIC,
    drift.METRIC,
)

__all__ = ["METRICS"]
