"""The ideas for shorter rules, one file each; none of them has to be right, since every result is proved."""

from htdbu.analyses.simplify.candidates import Rewrite
from htdbu.analyses.simplify.rewrites import (
    arithmetic,
    choices,
    factoring,
    implications,
    negations,
    operands,
    ranges,
    sets,
    settled,
    verbs,
)

REWRITES: tuple[Rewrite, ...] = (
    settled.REWRITE,
    choices.REWRITE,
    operands.REWRITE,
    negations.REWRITE,
    implications.REWRITE,
    factoring.REWRITE,
    sets.REWRITE,
    ranges.REWRITE,
    arithmetic.REWRITE,
    verbs.REWRITE,
)
"""Of results that are as short, those of the earlier idea come first."""
