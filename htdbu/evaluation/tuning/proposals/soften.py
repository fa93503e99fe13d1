"""A hard rule made soft, with the weight that its rate of failure gives it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from math import log

from htdbu.evaluation.tuning.proposals.trial import Trial
from htdbu.evaluation.tuning.setup import Edit
from htdbu.grammar.source import Span

LEAST, MOST = Decimal("0.01"), Decimal(20)


def edits(trial: Trial) -> Iterator[Edit]:
    """`hard` as `soft(W)`, W being the log-odds of a real row keeping it (Richardson and Domingos 2006, section 4).

    A rule that half of the rows or more break gets the least weight there is: it asks for nothing any more.
    """
    rule = trial.rule
    if rule is None or rule.kind == "soft":
        return
    fired, failed = int(trial.outcome.fired.sum()), int((trial.outcome.fail & trial.outcome.fired).sum())
    odds = Decimal(str(round(log(max(fired - failed, 1) / max(failed, 1)), 2)))
    weight = min(max(odds, LEAST), MOST)
    word = Span(rule.span.file, rule.span.start, rule.span.start + len(rule.kind))
    texts = [(word, f"soft({weight})")]
    if rule.kind == "forbid":
        texts.append((rule.body.span, f"not ({trial.text(rule.body.span)})"))
    yield trial.edit(f"soft, with the weight {weight}", *texts)
