"""What two rule files over the same columns accept differently, with rows that show it."""

from htdbu.analyses.difference.compare import Difference, difference

__all__ = ["Difference", "difference"]
