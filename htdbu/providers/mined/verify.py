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


def compiled(text: str) -> Program:
    """The program of a draft.

    Raises:
        CompileError: it has errors, which is a fault of the miner that wrote it.
    """
    return compile_source(Source("draft.htr", text)).checked()


def verified(
    skeleton: Skeleton, findings: Sequence[Finding], data: Any, nulls: Sequence[str], tolerance: float
) -> list[Finding]:
    """The findings that all rows keep; conditions that few rows break, as soft rules.

    Args:
        tolerance: the share of the rows in which a condition decides anything that may break it.
    """
    report = check(compiled(text_of(skeleton, findings)), data, nulls=nulls)
    outcomes = {rule.name: rule for rule in report.rules}
    return [kept for name, finding in named(findings) for kept in _kept(finding, outcomes.get(name), tolerance)]


def _kept(finding: Finding, outcome: RuleReport | None, tolerance: float) -> Iterator[Finding]:
    if outcome is None or finding.place in ("note", "factor", "domain"):
        yield finding
        return
    decided = outcome.passed + outcome.fail
    support = min(outcome.fired, decided) if finding.place == "rule" else decided
    measured = finding.measured(support, outcome.fail)
    soft = finding.place == "rule" and outcome.fail <= tolerance * support
    if not outcome.fail or soft:
        yield measured
