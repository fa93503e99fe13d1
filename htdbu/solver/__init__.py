"""Columns as integers; check, repair with proof, targets."""

from htdbu.solver.check import CheckReport, check
from htdbu.solver.encoding import encode
from htdbu.solver.typed import typed_frame

__all__ = ["CheckReport", "check", "encode", "typed_frame"]
