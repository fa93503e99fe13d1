"""`concise`: a line each, as editors and `grep` like it."""

from __future__ import annotations

from collections.abc import Iterable

from htdbu.compiler.diagnostics.colors import visible, visible_name
from htdbu.compiler.diagnostics.model import Diagnostic
from htdbu.compiler.diagnostics.report import Output, Report, Sources, place


def render_concise(findings: Iterable[Diagnostic], sources: Sources) -> str:
    """One line each: `file:line:column: severity[code] message (help)`."""
    return "\n".join(_line(finding, sources) for finding in findings)


def _line(finding: Diagnostic, sources: Sources) -> str:
    where = place(finding.span, sources)
    help = f" ({finding.help})" if finding.help else ""
    said = visible(f"{finding.severity}[{finding.code}] {finding.message}{help}".replace("\n", " "))
    return f"{visible_name(finding.span.file)}:{where.line}:{where.column}: {said}"


def _render(report: Report) -> str:
    text = render_concise(report.findings, report.sources)
    return f"{text}\n" if text else ""


OUTPUT = Output("concise", _render)
