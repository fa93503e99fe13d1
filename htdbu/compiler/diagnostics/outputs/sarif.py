"""`sarif`: SARIF 2.1.0, which code scanners, GitHub and editors read.

OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0 plus Errata 01.
"""

from __future__ import annotations

import json
import os
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from htdbu.compiler.diagnostics.model import Diagnostic, Edit, Kind, Severity
from htdbu.compiler.diagnostics.registry import all_kinds
from htdbu.compiler.diagnostics.report import Output, Report, nearby, replaced
from htdbu.grammar.source import Span

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_PROBLEMS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "recommendation"}
_BASE = "%SRCROOT%"


def _render(report: Report) -> str:
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(report)]}
    return replaced(json.dumps(log, indent=2, ensure_ascii=False, default=str)) + "\n"


def _run(report: Report) -> dict[str, Any]:
    files = _files(report)
    driver = {"name": "htdbu", "semanticVersion": version("htdbu"), "rules": [_rule(k) for k in all_kinds().values()]}
    return {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_BASE: {"description": {"text": "The folder that htdbu was called in."}}},
        "artifacts": [{"location": _location(file), "sourceLanguage": "htr"} for file in files],
        "results": [_result(finding, report, files) for finding in report.findings],
    }


def _files(report: Report) -> list[str]:
    """All files that are named, each once, those of the call first."""
    named = [finding.span.file for finding in report.findings]
    named += [label.span.file for finding in report.findings for label in finding.related]
    return [file for file in dict.fromkeys([*report.files, *named]) if file]


def _rule(kind: Kind) -> dict[str, Any]:
    return {
        "id": kind.code,
        "name": "".join(part.capitalize() for part in kind.name.split("-")),
        "shortDescription": {"text": kind.meaning},
        "fullDescription": {"text": f"{kind.meaning} {kind.why}"},
        "help": {
            "text": f"{kind.why}\n\nThis gets it:\n\n{kind.failing}\nThis does not:\n\n{kind.mended}",
            "markdown": f"{kind.why}\n\nThis gets it:\n\n```htr\n{kind.failing}```\n\n"
            f"This does not:\n\n```htr\n{kind.mended}```\n",
        },
        "defaultConfiguration": {"level": _LEVELS[kind.severity]},
        "properties": {"tags": ["rules", kind.name], "problem.severity": _PROBLEMS[kind.severity]},
    }


def _result(finding: Diagnostic, report: Report, files: list[str]) -> dict[str, Any]:
    said = [finding.message, *(f"Note: {text}" for text in [finding.note] if text)]
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": list(all_kinds()).index(finding.code),
        "level": _LEVELS[finding.severity],
        "message": {"text": "\n".join([*said, *(f"Help: {text}" for text in [finding.help] if text)])},
        "locations": [{"physicalLocation": _physical(finding.span, report, files)}] if finding.span.file else [],
        "partialFingerprints": {"finding/v1": _fingerprint(finding, report)},
    }
    if finding.related:
        result["relatedLocations"] = [
            {"id": i, "physicalLocation": _physical(label.span, report, files), "message": {"text": label.message}}
            for i, label in enumerate(finding.related, 1)
        ]
    if finding.fix is not None:
        result["fixes"] = [_fix(finding.fix.title, finding.fix.edits, report, files)]
    properties = {
        "rules": list(finding.rules) or None,
        "witness": None if finding.witness is None else dict(finding.witness),
        "fixIsSafe": None if finding.fix is None else finding.fix.is_safe,
    }
    properties = {name: value for name, value in properties.items() if value is not None}
    return {**result, "properties": properties} if properties else result


def _physical(span: Span, report: Report, files: list[str]) -> dict[str, Any]:
    region = _region(span, report)
    source = report.sources.get(span.file)
    if source is not None:
        region["snippet"] = {"text": source.text[span.start : span.end]}
    return {"artifactLocation": _artifact(span.file, files), "region": region}


def _artifact(file: str, files: list[str]) -> dict[str, Any]:
    location = _location(file)
    location["index"] = files.index(file)
    return location


def _region(span: Span, report: Report) -> dict[str, Any]:
    where = report.place(span)
    return {
        "startLine": where.line,
        "startColumn": where.column,
        "endLine": where.end_line,
        "endColumn": where.end_column,
    }


def _fix(title: str, edits: tuple[Edit, ...], report: Report, files: list[str]) -> dict[str, Any]:
    changes = [
        {
            "artifactLocation": _artifact(file, files),
            "replacements": [_replacement(edit, report) for edit in edits if edit.span.file == file],
        }
        for file in dict.fromkeys(edit.span.file for edit in edits)
    ]
    return {"description": {"text": title}, "artifactChanges": changes}


def _replacement(edit: Edit, report: Report) -> dict[str, Any]:
    replacement: dict[str, Any] = {"deletedRegion": _region(edit.span, report)}
    return {**replacement, "insertedContent": {"text": edit.text}} if edit.text else replacement


def _location(file: str) -> dict[str, Any]:
    """The address of a file: relative to where htdbu was called, or whole where it lies elsewhere."""
    path = nearby(file)
    if Path(path).is_absolute():
        return {"uri": Path(path).as_uri()}
    return {"uri": quote(os.fsencode(path), safe="/!$&'()*+,;=@~"), "uriBaseId": _BASE}


def _fingerprint(finding: Diagnostic, report: Report) -> str:
    """What stays the same while other lines of the file change."""
    source = report.sources.get(finding.span.file)
    line = "" if source is None else source.line(report.place(finding.span).line).strip()
    return sha256("\0".join((finding.code, finding.message, line)).encode("utf-8", "replace")).hexdigest()[:32]


OUTPUT = Output("sarif", _render)
