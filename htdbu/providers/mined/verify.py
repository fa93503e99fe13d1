"""Findings held against all rows: what the solver's check says of the rule file that they make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from htdbu.compiler.compile import compile_source
from htdbu.compiler.program import Program
from htdbu.grammar.source import Source
from htdbu.providers.mined.assemble import Skeleton, named, text_of
from htdbu.providers.mined.finding import Finding
from htdbu.solver.check import RuleReport, check

MOST_BROKEN = 0.01
"""A rule that a larger share of the rows breaks in which it decides anything is left out."""
_SOFT = ("rule",)


def compiled(text: str) -> Program:
    """The program of a draft.

    Raises:
        CompileError: it has errors, which is a fault of the miner that wrote it.
    """
    return compile_source(Source("draft.htr", text)).checked()


def verified(
    skeleton: Skeleton, findings: Sequence[Finding], data: Any, nulls: Sequence[str], most_broken: float = MOST_BROKEN
) -> list[Finding]:
    """The findings that all rows keep; conditions that few rows break, as soft rules."""
    report = check(compiled(text_of(skeleton, findings)), data, nulls=nulls)
    outcomes = {rule.name: rule for rule in report.rules}
    return [kept for name, finding in named(findings) for kept in _kept(finding, outcomes.get(name), most_broken)]


def _kept(finding: Finding, outcome: RuleReport | None, most_broken: float) -> Iterator[Finding]:
    if outcome is None or finding.place in ("note", "factor", "domain"):
        yield finding
        return
    decided = outcome.passed + outcome.fail
    support = min(outcome.fired, decided) if "=>" in finding.text and finding.place == "rule" else decided
    measured = finding.measured(support, outcome.fail)
    soft = finding.place in _SOFT and outcome.fail <= most_broken * support
    if not outcome.fail or soft:
        yield measured
