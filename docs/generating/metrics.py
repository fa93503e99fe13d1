"""What the page on metrics says of each: from the module of the metric, and what the comparison with others found."""

from __future__ import annotations

import sys
from pathlib import Path

from htdbu.evaluation.comparison import Metric
from htdbu.evaluation.metrics import METRICS

_RESULTS = Path(__file__).parents[2] / "benchmarks" / "results" / "metrics_compared.md"


def metric_sections() -> str:
    """A section for every metric: its values, and what its module says of formula, source and floor."""
    return "\n".join(_section(metric) for metric in METRICS)


def _section(metric: Metric) -> str:
    text = (sys.modules[metric.measure.__module__].__doc__ or "").strip()
    title, _, rest = text.partition("\n\n")
    name, _, question = title.replace("\n", " ").partition(": ")
    place = "" if metric.section is None else f"{metric.section}."
    keys = ", ".join(f"`{place}{key}`" for key in metric.keys)
    return f"### {name}\n\n{question[:1].upper()}{question[1:]}\n\nKeys: {keys}.\n\n{rest}\n"


def metric_differences() -> str:
    """The table that `benchmarks/metrics_compared.py` wrote."""
    return _RESULTS.read_text("utf-8")
