"""A bound moved to a quantile of the real rows: a number of the rule, or of a param that it names."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from htdbu.evaluation.tuning.literals import nodes_in, rounded, spelled
from htdbu.evaluation.tuning.proposals.trial import LEFT, Trial
from htdbu.evaluation.tuning.setup import Edit, edited
from htdbu.grammar import syntax

DOUBLINGS = 14
HALVINGS = 10
FIRST = Decimal("0.02")
"""The first step, as a share of the number."""
IDLE = 8
"""The step that changes nothing after which a number is let go; real values stand far apart, as terms of loans do."""


def edits(trial: Trial) -> Iterator[Edit]:
    """For each number the least move, either way, after which the real rows keep the rule."""
    if trial.rule is None:
        return
    named = {name.value for name in nodes_in(trial.rule.body, syntax.Name)}
    numbers = list(nodes_in(trial.rule.body, syntax.Number))
    for statement in trial.setup.statements:
        if isinstance(statement, syntax.ParamDecl) and statement.name.value in named:
            numbers += nodes_in(statement.value, syntax.Number)
    for number in numbers:
        for sign in (-1, 1):
            found = _least(trial, number, sign)
            if found is not None:
                yield found


def _least(trial: Trial, number: syntax.Number, sign: int) -> Edit | None:
    """The least move of a number in one direction that the real rows support."""
    whole = number.value == number.value.to_integral_value() and not trial.text(number.span).endswith("%")
    step = max(abs(number.value) * FIRST, Decimal(1) if whole else Decimal("0.001"))
    bad, good = Decimal(0), None
    before = _rate(trial, number, number.value)
    for k in range(DOUBLINGS):
        moved = step * 2**k
        rate = _rate(trial, number, number.value + sign * moved)
        if rate is None or before is None or rate > before:
            return None
        if rate <= LEFT:
            good = moved
            break
        bad = moved
        if k + 1 >= IDLE and rate == before:
            return None
    if good is None:
        return None
    for _ in range(HALVINGS):
        middle = (bad + good) / 2
        middle = middle.to_integral_value() if whole else middle
        if middle in (bad, good):
            break
        rate = _rate(trial, number, number.value + sign * middle)
        bad, good = (bad, middle) if rate is not None and rate <= LEFT else (middle, good)
    value = rounded(number.value + sign * good, sign > 0, whole)
    return _edit(trial, number, value)


def _rate(trial: Trial, number: syntax.Number, value: Decimal) -> float | None:
    fared = trial.fared(edited(trial.setup.source.text, [_edit(trial, number, value)]))
    return None if fared is None or not fared.fired else fared.rate


def _edit(trial: Trial, number: syntax.Number, value: Decimal) -> Edit:
    before = trial.text(number.span)
    text = spelled(value, before)
    return trial.edit(f"{before} becomes {text}", (number.span, text))
