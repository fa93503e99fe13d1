"""What to do about a plan: the shares that the real rows have, or the bounds of a target moved up to their value."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from htdbu.compiler.program import Factor, Share, Target
from htdbu.evaluation.tuning.literals import percents, rounded, spelled
from htdbu.evaluation.tuning.setup import Edit, Setup
from htdbu.grammar import syntax


def restate(setup: Setup, factor: Factor, shares: Sequence[Share], real: Sequence[Fraction], why: str) -> Edit | None:
    """The real shares in the place of some shares of a factor."""
    for statement in setup.statements:
        if isinstance(statement, syntax.FactorDecl) and statement.column.value == factor.column:
            for items in _stated(statement):
                if [share.span for share in shares] == [item.span for item in items] or _same(shares, items):
                    texts = tuple((item.share.span, text) for item, text in zip(items, percents(real), strict=True))
                    said = f"the real shares for `{factor.column}`: {', '.join(text for _, text in texts)}"
                    return Edit(statement.span, texts, said, why)
    return None


def _stated(statement: syntax.FactorDecl) -> list[tuple[syntax.ShareItem, ...]]:
    """All sets of shares of a factor."""
    own = [statement.shares] if statement.shares is not None else []
    return own + [a.shares for arm in statement.arms for a in arm.attributes if a.shares is not None]


def _same(shares: Sequence[Share], items: Sequence[syntax.ShareItem]) -> bool:
    """Whether these are the same numbers in the same order."""
    return [Decimal(share.share) for share in shares] == [item.share.value for item in items]


def move_bounds(setup: Setup, target: Target, value: float, width: float, why: str) -> Edit | None:
    """The bound of a target that the real rows miss, moved beyond their value by what chance makes of it."""
    for statement in setup.statements:
        if not isinstance(statement, syntax.TargetDecl) or statement.name.value != target.name:
            continue
        if statement.shares is not None:
            if statement.within is None:
                return None
            return _moved(setup, statement, statement.within, Decimal(repr(value + width)), True, why)
        if isinstance(statement.equal, syntax.Number):
            return _moved(setup, statement, statement.equal, Decimal(repr(value)), True, why)
        low, high = statement.low, statement.high
        if isinstance(low, syntax.Number) and value < low.value:
            return _moved(setup, statement, low, Decimal(repr(value - width)), False, why)
        if isinstance(high, syntax.Number) and value > high.value:
            return _moved(setup, statement, high, Decimal(repr(value + width)), True, why)
    return None


def _moved(
    setup: Setup, statement: syntax.TargetDecl, number: syntax.Number, value: Decimal, upwards: bool, why: str
) -> Edit:
    before = setup.source.text[number.span.start : number.span.end]
    text = spelled(rounded(value, upwards, False), before)
    return Edit(statement.span, ((number.span, text),), f"`{statement.name.value}`: {before} becomes {text}", why)
