"""How data exercise the rules, as a table for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from htdbu.analyses.data import RuleCoverage
    from htdbu.cli.screen import Screen


def show_coverage(screen: Screen, coverage: Sequence[RuleCoverage]) -> None:
    """How often each premise fires, how often the rule then decides, and which rows are closest to breaking it."""
    if not coverage:
        return
    screen.say("how the data exercise the rules (closest: the rows that keep a rule with the least margin)\n")
    lines = [[rule.name, f"{rule.fired:,}", f"{rule.decided:,}", f"{rule.fail:,}", _closest(rule)] for rule in coverage]
    screen.table(["rule", "fired", "decided", "broken", "closest rows"], lines)
    screen.say("")


def _closest(rule: RuleCoverage) -> str:
    return ", ".join(f"{row} ({margin:.2%})" for row, margin in rule.closest)
