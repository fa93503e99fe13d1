"""Findings for people and programs: `human` with source lines and carets, `concise`, and the contract's JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from htdbu.compiler.diagnostics.model import Diagnostic, Label
from htdbu.grammar.source import Source, Span

_COLORS = {"error": "\x1b[1;31m", "warning": "\x1b[1;33m", "info": "\x1b[1;36m", "dim": "\x1b[2m", "bold": "\x1b[1m"}
_RESET = "\x1b[0m"
_TAB = "    "

Sources = Mapping[str, Source]


class _Painter:
    def __init__(self, color: bool) -> None:
        self.color = color

    def __call__(self, text: str, style: str) -> str:
        return f"{_COLORS[style]}{text}{_RESET}" if self.color else text


def render_human(findings: Iterable[Diagnostic], sources: Sources, color: bool = False) -> str:
    """Each finding with its source line, carets, related places, note and help; a blank line between two."""
    paint = _Painter(color)
    return "\n\n".join(_human(finding, sources, paint) for finding in findings)


def _human(finding: Diagnostic, sources: Sources, paint: _Painter) -> str:
    head = paint(f"{finding.severity}[{finding.code}]", finding.severity)
    lines = [f"{head} {paint(finding.message, 'bold')}"]
    lines += _excerpt(finding.span, sources, paint, "^", finding.severity, "")
    for label in finding.related:
        lines += _excerpt(label.span, sources, paint, "-", "dim", label.message)
    lines += [f"  {paint('= note:', 'dim')} {finding.note}"] if finding.note else []
    lines += [f"  {paint('= help:', 'dim')} {finding.help}"] if finding.help else []
    return "\n".join(lines)


def _excerpt(span: Span, sources: Sources, paint: _Painter, mark: str, style: str, message: str) -> list[str]:
    source = sources.get(span.file)
    if source is None:
        return [f"  {paint('-->', 'dim')} {span.file}"] if span.file else []
    line, column = source.position(span.start)
    last, end = source.position(span.end)
    text = source.line(line)
    width = max(1, (end - column) if last == line else len(text) - column + 1)
    before = text[: column - 1].replace("\t", _TAB)
    gutter = " " * len(str(line))
    carets = " " * len(before) + paint(mark * width, style) + (f" {message}" if message else "")
    return [
        f"{gutter}{paint('-->', 'dim')} {span.file}:{line}:{column}",
        f"{gutter} {paint('|', 'dim')}",
        f"{paint(f'{line} |', 'dim')} {text.replace(chr(9), _TAB)}",
        f"{gutter} {paint('|', 'dim')} {carets}",
    ]


def render_concise(findings: Iterable[Diagnostic], sources: Sources) -> str:
    """One line each: `file:line:column: severity[code] message`."""
    return "\n".join(_concise(finding, sources) for finding in findings)


def _concise(finding: Diagnostic, sources: Sources) -> str:
    line, column = _position(finding.span.file, finding.span.start, sources)
    help = f" ({finding.help})" if finding.help else ""
    return f"{finding.span.file}:{line}:{column}: {finding.severity}[{finding.code}] {finding.message}{help}"


def to_json(findings: Sequence[Diagnostic], sources: Sources, files: Sequence[str]) -> dict[str, Any]:
    """The contract's `compile --format json`."""
    counts = {
        f"{severity}s": sum(f.severity == severity for f in findings) for severity in ("error", "warning", "info")
    }
    return {"files": list(files), "diagnostics": [_entry(f, sources) for f in findings], "summary": counts}


def _entry(finding: Diagnostic, sources: Sources) -> dict[str, Any]:
    line, column = _position(finding.span.file, finding.span.start, sources)
    end_line, end_column = _position(finding.span.file, finding.span.end, sources)
    return {
        "code": finding.code,
        "name": finding.kind.name,
        "severity": finding.severity,
        "message": finding.message,
        "file": finding.span.file,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "related": [_related(label, sources) for label in finding.related],
        "note": finding.note,
        "help": finding.help,
        "rules": list(finding.rules),
        "witness": None if finding.witness is None else dict(finding.witness),
    }


def _related(label: Label, sources: Sources) -> dict[str, Any]:
    line, column = _position(label.span.file, label.span.start, sources)
    return {"file": label.span.file, "line": line, "column": column, "message": label.message}


def _position(file: str, offset: int, sources: Sources) -> tuple[int, int]:
    return sources[file].position(offset) if file in sources else (1, 1)
