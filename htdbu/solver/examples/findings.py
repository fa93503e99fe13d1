"""Failing examples as findings of the rule file that they stand in."""

from __future__ import annotations

from htdbu.compiler.diagnostics.kinds import htr901_test_failed
from htdbu.compiler.diagnostics.model import Diagnostic
from htdbu.grammar.source import Span
from htdbu.solver.examples.run import ExamplesReport, spelt


def findings(report: ExamplesReport, file: str) -> list[Diagnostic]:
    """HTR901 for every example that fails; where the program came from its JSON form, at the beginning of the file."""
    place = Span(file, 0, 0)
    return [
        htr901_test_failed.failed(
            outcome.test.title,
            example.span or place,
            judgement.reason if example.span else f"{spelt(example)}: {judgement.reason}",
            judgement.rules,
            judgement.witness or None,
        )
        for outcome in report.tests
        for example, judgement in outcome.failures
    ]
