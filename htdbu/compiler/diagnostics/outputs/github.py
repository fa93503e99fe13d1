"""`github`: workflow commands that GitHub shows as annotations of the lines."""

from __future__ import annotations

from htdbu.compiler.diagnostics.model import Diagnostic
from htdbu.compiler.diagnostics.report import Output, Report, nearby, replaced

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}
_IN_MESSAGES = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTIES = {**_IN_MESSAGES, ":": "%3A", ",": "%2C"}


def _command(finding: Diagnostic, report: Report) -> str:
    where = report.place(finding.span)
    file = replaced(nearby(finding.span.file)) if finding.span.file else ""
    properties: dict[str, object] = {"file": file, "line": where.line, "endLine": where.end_line}
    if where.line == where.end_line:  # columns are refused where an annotation spans lines
        properties |= {"col": where.column, "endColumn": max(where.end_column, where.column + 1)}
    properties["title"] = f"{finding.code} {finding.kind.name}"
    shown = ",".join(f"{name}={_escaped(str(value), _IN_PROPERTIES)}" for name, value in properties.items() if value)
    said = [finding.message, *(f"{label.message}: line {report.place(label.span).line}" for label in finding.related)]
    said += [f"note: {finding.note}"] if finding.note else []
    said += [f"help: {finding.help}"] if finding.help else []
    return f"::{_COMMANDS[finding.severity]} {shown}::{_escaped(replaced(chr(10).join(said)), _IN_MESSAGES)}\n"


def _escaped(text: str, escapes: dict[str, str]) -> str:
    return "".join(escapes.get(sign, sign) for sign in text)


def _render(report: Report) -> str:
    return "".join(_command(finding, report) for finding in report.findings)


OUTPUT = Output("github", _render)
