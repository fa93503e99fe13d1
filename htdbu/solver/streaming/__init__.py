"""Tables that are repaired and checked piece by piece, with the result of one piece, in memory that does not grow."""

from htdbu.solver.streaming.check import CheckedPart, StreamedCheck, check_pieces
from htdbu.solver.streaming.parts import Part
from htdbu.solver.streaming.repair import StreamedRepair, repair_pieces

__all__ = ["CheckedPart", "Part", "StreamedCheck", "StreamedRepair", "check_pieces", "repair_pieces"]
