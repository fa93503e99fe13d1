"""What can be proved about a rule set before a row is generated: contradictions, redundancies, dead ends."""

from htdbu.analyses.analyse import analyse, decided

__all__ = ["analyse", "decided"]
