"""Chains of shares: where a <= p * b and b <= q * c, it is no news that a <= p * q * c.

The solver would prove it too, but it narrows such products step by step, which takes long where amounts are large.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import inf

from htdbu.providers.mined.finding import Finding

_SAME = 1e-9


def without_chained(findings: Sequence[Finding]) -> list[Finding]:
    """The findings without the shares that others give together, in all rows or in those that a rule is about."""
    shares: dict[tuple[str, str], float] = {}
    for finding in findings:
        if finding.share is not None and finding.is_hard and not finding.is_conditional:
            small, large, share = finding.share
            shares[small, large] = min(share, shares.get((small, large), inf))
    chained = _chained(shares)
    return [finding for finding in findings if not _is_chained(finding, shares, chained)]


def _chained(shares: dict[tuple[str, str], float]) -> dict[tuple[str, str], float]:
    """The least share of each pair over a third column, by the algorithm of Floyd and Warshall."""
    names = sorted({name for pair in shares for name in pair})
    best, chained = dict(shares), dict[tuple[str, str], float]()
    for over, small, large in product(names, repeat=3):
        if len({over, small, large}) == 3:
            share = best.get((small, over), inf) * best.get((over, large), inf)
            chained[small, large] = min(share, chained.get((small, large), inf))
            best[small, large] = min(share, best.get((small, large), inf))
    return chained


def _is_chained(finding: Finding, shares: dict[tuple[str, str], float], chained: dict[tuple[str, str], float]) -> bool:
    if finding.share is None:
        return False
    small, large, share = finding.share
    others = chained.get((small, large), inf)
    if finding.is_conditional:
        others = min(others, shares.get((small, large), inf))
    elif share > shares.get((small, large), inf):
        others = -inf
    return others <= share * (1 + _SAME)
