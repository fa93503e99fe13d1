"""The story of one row: what it breaks, what the repair changes and why, and why nothing is cheaper."""

from htdbu.solver.explain.explain import explain_row
from htdbu.solver.explain.story import RowStory

__all__ = ["RowStory", "explain_row"]
