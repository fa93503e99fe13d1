"""Which rules come first: those that surprise, that are short, and that say something of columns not yet spoken of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log10

from htdbu.providers.mined.finding import Finding

_PER_TERM = 0.2
"""What a term more costs, in powers of ten of the rows that chance would have break the rule."""
_SOFT = 1.0
_SAME_COLUMNS, _SAME_COLUMN = 0.6, 0.15
"""What it costs that a rule about the same columns, or about one of them, comes earlier."""
_CERTAIN = 3.5
"""More surprise than this many powers of ten makes a rule no better."""


def worth(finding: Finding) -> float:
    """How much a rule has to say by itself."""
    surprise = min(log10(1 + max(finding.expected - finding.broken, 0.0)), _CERTAIN)
    return surprise - _PER_TERM * finding.length - _SOFT * (not finding.is_hard)


def ranked(findings: Sequence[Finding]) -> list[Finding]:
    """The findings, each time the one that has most to say beside those that come earlier."""
    left = sorted(findings, key=lambda f: (-worth(f), f.text))
    told: Counter[frozenset[str]] = Counter()
    spoken: Counter[str] = Counter()
    found: list[Finding] = []
    while left:
        best = max(left, key=lambda f: _beside(f, told, spoken))
        left.remove(best)
        found.append(best)
        told[frozenset(best.columns)] += 1
        spoken.update(set(best.columns))
    return found


def _beside(finding: Finding, told: Counter[frozenset[str]], spoken: Counter[str]) -> float:
    repeats = sum(spoken[name] for name in finding.columns) / len(finding.columns)
    return worth(finding) - _SAME_COLUMNS * told[frozenset(finding.columns)] - _SAME_COLUMN * repeats
