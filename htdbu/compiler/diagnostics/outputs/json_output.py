"""`json`: the contract for programs; keys may be added, never renamed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from htdbu.compiler.diagnostics.model import Diagnostic, Edit, Label
from htdbu.compiler.diagnostics.report import NO_TEXT, SEVERITIES, Output, Report, Sources


def to_json(findings: Sequence[Diagnostic], sources: Sources, files: Sequence[str]) -> dict[str, Any]:
    """The findings as plain data."""
    return _data(Report(findings, sources, files))


def _data(report: Report) -> dict[str, Any]:
    counts = {f"{level}s": sum(f.severity == level for f in report.findings) for level in SEVERITIES}
    data = {
        "files": list(report.files),
        "diagnostics": [_entry(finding, report) for finding in report.findings],
        "summary": counts if report.fixed is None else {**counts, "fixed": report.fixed},
    }
    if report.proposals is not None:
        data["proposals"] = list(report.proposals)
    return {**data, "coverage": list(report.coverage)} if report.coverage else data


def _entry(finding: Diagnostic, report: Report) -> dict[str, Any]:
    return {
        "code": finding.code,
        "name": finding.kind.name,
        "severity": finding.severity,
        "message": finding.message,
        "file": finding.span.file,
        **report.place(finding.span)._asdict(),
        "related": [_related(label, report) for label in finding.related],
        "note": finding.note,
        "help": finding.help,
        "fix": _fix(finding, report),
        "rules": list(finding.rules),
        "witness": None if finding.witness is None else dict(finding.witness),
    }


def _related(label: Label, report: Report) -> dict[str, Any]:
    return {"file": label.span.file, **report.place(label.span)._asdict(), "message": label.message}


def _fix(finding: Diagnostic, report: Report) -> dict[str, Any] | None:
    if finding.fix is None:
        return None
    edits = [_edit(edit, report) for edit in finding.fix.edits]
    return {"title": finding.fix.title, "safe": finding.fix.is_safe, "edits": edits}


def _edit(edit: Edit, report: Report) -> dict[str, Any]:
    return {"file": edit.span.file, **report.place(edit.span)._asdict(), "text": edit.text}


def _render(report: Report) -> str:
    return escaped(json.dumps(_data(report), indent=2, ensure_ascii=False, default=str)) + "\n"


def escaped(text: str) -> str:
    """JSON with escapes for what UTF-8 cannot hold, so that readers get the very name of a file."""
    return NO_TEXT.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


OUTPUT = Output("json", _render)
