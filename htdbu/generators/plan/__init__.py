"""How many rows of every combination of planned columns: decided, exactly, before anything is sampled."""

from htdbu.generators.plan.quota import Plan, make_plan
from htdbu.generators.plan.unmet import Unmet

__all__ = ["Plan", "Unmet", "make_plan"]
