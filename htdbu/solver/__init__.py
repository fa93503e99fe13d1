"""Columns as integers; check, repair with proof, targets."""

from htdbu.solver.check import CheckReport, check
from htdbu.solver.encoding import encode
from htdbu.solver.repair import RepairResult, repair
from htdbu.solver.typed import typed_frame

__all__ = ["CheckReport", "RepairResult", "check", "encode", "repair", "typed_frame"]
