"""What became of the examples, as findings of the rule file that they stand in."""

from __future__ import annotations

from collections.abc import Iterator

from htdbu.compiler.diagnostics.kinds import htr390_undecided, htr901_test_failed
from htdbu.compiler.diagnostics.model import Diagnostic
from htdbu.compiler.program import Example
from htdbu.grammar.source import Span
from htdbu.solver.examples.run import ExamplesReport, TestOutcome, spelt
from htdbu.solver.examples.verdict import Judgement, Verdict


def findings(report: ExamplesReport, file: str) -> list[Diagnostic]:
    """HTR901 for every example that fails, HTR390 for every one that stays undecided.

    Where the program came from its JSON form, they stand at the beginning of the file and spell the example.
    """
    return [finding for outcome in report.tests for finding in _of_test(outcome, Span(file, 0, 0))]


def _of_test(outcome: TestOutcome, place: Span) -> Iterator[Diagnostic]:
    title = outcome.test.title
    for example, judgement in zip(outcome.test.examples, outcome.judgements, strict=True):
        span, reason = example.span or place, _reason(example, judgement)
        if judgement.verdict is Verdict.FAILS:
            yield htr901_test_failed.failed(title, span, reason, judgement.rules, judgement.witness or None)
        elif judgement.verdict is Verdict.UNDECIDED:
            yield htr390_undecided.undecided_test(title, span, reason)


def _reason(example: Example, judgement: Judgement) -> str:
    return judgement.reason if example.span else f"{spelt(example)}: {judgement.reason}"
