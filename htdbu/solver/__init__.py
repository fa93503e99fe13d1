"""Columns as integers; check, repair with proof, targets."""

from htdbu.solver.check import CheckReport, check
from htdbu.solver.encoding import encode
from htdbu.solver.explain import RowStory, explain_row
from htdbu.solver.repair import RepairResult, repair
from htdbu.solver.typed import typed_frame

__all__ = ["CheckReport", "RepairResult", "RowStory", "check", "encode", "explain_row", "repair", "typed_frame"]
