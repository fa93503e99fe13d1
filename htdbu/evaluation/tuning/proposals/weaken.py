"""An equivalence that holds in one direction only."""

from __future__ import annotations

from collections.abc import Iterator

from htdbu.evaluation.tuning.proposals.trial import Trial
from htdbu.evaluation.tuning.setup import Edit
from htdbu.grammar import syntax
from htdbu.grammar.source import Span


def edits(trial: Trial) -> Iterator[Edit]:
    """`<=>` as `=>`, from left to right and from right to left."""
    body = None if trial.rule is None or trial.rule.kind == "forbid" else trial.rule.body
    if not isinstance(body, syntax.Binary) or body.operator != "<=>":
        return
    left, right = body.left.span, body.right.span
    at = trial.setup.source.text.index("<=>", left.end, right.start)
    sign = Span(body.span.file, at, at + 3)
    yield trial.edit("only from left to right", (sign, "=>"))
    yield trial.edit("only from right to left", (left, trial.text(right)), (sign, "=>"), (right, trial.text(left)))
