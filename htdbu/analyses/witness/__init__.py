"""Rows that show what rules mean: one that satisfies all of them, one that breaks just one."""

from htdbu.analyses.witness.find import one_row_names, witness
from htdbu.analyses.witness.found import NoWitness, Witness

__all__ = ["NoWitness", "Witness", "one_row_names", "witness"]
