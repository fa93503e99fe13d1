"""How often real rows break rules, rounded so that fewer rows than a provider may tell apart are not told apart."""

from __future__ import annotations

from dataclasses import dataclass

from htdbu.solver.check import RuleCounts


@dataclass(frozen=True)
class Rate:
    """How a rule fares on real rows.

    Attributes:
        kind: of the rule, as in a check: "hard", "soft", "domain", "null", "derived", "unique", "key", "fd".
        share: of the rows that break it, rounded; 0 where fewer than the least count do.
        is_idle: whether its premise holds in fewer rows than that.
    """

    name: str
    kind: str
    share: float
    is_idle: bool


def rate_of(rule: RuleCounts, rows: int, min_count: int) -> Rate:
    """The rate of a rule over a number of rows."""
    share = rounded(rule.fail, rows, min_count) / rows if rows else 0.0
    return Rate(rule.name, rule.kind, share, rounded(rule.fired, rows, min_count) == 0)


def rounded(count: int, rows: int, min_count: int) -> int:
    """A count of rows down to a multiple of the least count; all rows where fewer than that are left over."""
    step = max(min_count, 1)
    return rows if rows - count < step <= count else count // step * step


def percent(share: float) -> str:
    """A share as it is written: `12.3 %`, and `0.02 %` where it is small."""
    return f"{100 * share:.1f} %" if share >= 0.01 else f"{100 * share:.2g} %"
