"""All findings of a rule file that `htdbu compile` shows: those of the compiler, of tests, of proofs and of data."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pandas import DataFrame

    from htdbu.analyses.data import RuleCoverage
    from htdbu.compiler.compile import Compilation
    from htdbu.compiler.diagnostics.model import Diagnostic


@dataclass(frozen=True)
class FileFindings:
    """What was found out about one rule file; `coverage` tells how data exercise its rules."""

    compilation: Compilation
    findings: list[Diagnostic]
    coverage: tuple[RuleCoverage, ...] = ()


def all_findings(compilation: Compilation, frame: DataFrame | None, proofs: bool) -> FileFindings:
    """The findings of a compiled file in text order.

    Args:
        frame: data that the rules are meant for.
        proofs: whether to prove what can be proved about the rules.
    """
    from htdbu.compiler.diagnostics.kinds import htr704_data_misses_column as missing

    later = [] if frame is None else missing_columns(compilation, frame)
    coverage: tuple[RuleCoverage, ...] = ()
    decided: Collection[str] = ()
    if not compilation.errors:
        later += _failed_tests(compilation)
        if frame is not None and not any(finding.kind is missing.KIND for finding in later):
            from htdbu.analyses.data import judge_data

            report = judge_data(compilation.program, frame)
            later, coverage = [*later, *report.findings], report.coverage
        if proofs:
            proved, decided = _proved(compilation)
            later += proved
    return FileFindings(compilation, _placed(compilation, later, decided), coverage)


def missing_columns(compilation: Compilation, frame: DataFrame) -> list[Diagnostic]:
    """HTR704 for the declared columns that data do not have."""
    from htdbu.compiler.diagnostics.kinds.htr704_data_misses_column import missing
    from htdbu.compiler.diagnostics.view import View

    headers = [str(header) for header in frame.columns]
    absent = [c for c in compilation.program.columns if c.header not in headers and c.derived is None]
    return [
        missing(c.name, c.header, c.span, headers, View(compilation.sources[c.span.file]))
        for c in absent
        if c.span is not None
    ]


def _failed_tests(compilation: Compilation) -> list[Diagnostic]:
    """HTR901 for the `test` blocks that do not hold, HTR390 for those left undecided."""
    if not compilation.program.tests:
        return []
    from htdbu.solver.examples import findings, run_tests

    return findings(run_tests(compilation.program), next(iter(compilation.sources)))


def _proved(compilation: Compilation) -> tuple[list[Diagnostic], Collection[str]]:
    """What is proved of the rules, and the codes of which that is all there is."""
    from htdbu.analyses import analyse, decided
    from htdbu.cli.progress import progress_bar

    with progress_bar("proving") as progress:
        found = analyse(compilation.program, progress=progress)
    return found, decided(found)


def _placed(compilation: Compilation, later: Sequence[Diagnostic], decided: Collection[str]) -> list[Diagnostic]:
    """All findings in text order, each in a file and with the edits of its help; the JSON form has no places."""
    from htdbu.compiler.diagnostics.view import View, with_fixes
    from htdbu.grammar.source import Span

    source = next(iter(compilation.sources.values()))
    if any(finding.span.file for finding in later):
        later = with_fixes(later, View(source, compilation.sources))
    whole = Span(source.name, 0, min(1, len(source.text)))
    found = [finding if finding.span.file else replace(finding, span=whole) for finding in later]
    return in_order(compilation.with_later(found, decided), source.name)


def in_order(findings: Iterable[Diagnostic], file: str) -> list[Diagnostic]:
    """Findings in text order, those of the file itself first."""
    return sorted(findings, key=lambda f: (f.span.file != file, f.span.file, f.span.start, f.code, f.message))
