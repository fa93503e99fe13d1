"""Shorter rules that say the same, each proved before it is shown."""

from htdbu.analyses.simplify.proposals import Proposal, applied
from htdbu.analyses.simplify.simplify import simplify

__all__ = ["Proposal", "applied", "simplify"]
