"""Tables that are repaired and checked piece by piece, with the result of one piece, in memory that does not grow."""

from htdbu.solver.streaming.parts import Part
from htdbu.solver.streaming.repair import StreamedRepair, repair_pieces

__all__ = ["Part", "StreamedRepair", "repair_pieces"]
