"""TSTR, XModal, violations, fidelity, privacy and drift of synthetic tables, and the report."""

from htdbu.evaluation.evaluate import Scores, evaluate

__all__ = ["Scores", "evaluate"]
