"""The feedback loop: what is at fault, model, rules or plan, by counterfactuals; what to do about it; again."""

from htdbu.evaluation.tuning.result import TuneResult, Tuning
from htdbu.evaluation.tuning.tune import tune

__all__ = ["TuneResult", "Tuning", "tune"]
