"""The models that utility is measured by: each is one file here, and one line in the list below."""

from htdbu.evaluation.learners import boosted, linear
from htdbu.evaluation.learners.learner import Learner

LEARNERS: tuple[Learner, ...] = (
    linear.LEARNER,
    boosted.LEARNER,
)

__all__ = ["LEARNERS", "Learner"]
