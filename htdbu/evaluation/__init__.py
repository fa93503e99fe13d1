"""Utility, XModal, violations, fidelity, privacy, drift; report."""

from htdbu.evaluation.evaluate import evaluate
from htdbu.evaluation.report import render_report
from htdbu.evaluation.scores import Scores

__all__ = ["Scores", "evaluate", "render_report"]
