"""`human`: every finding with its lines, carets, related places, note and help."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from htdbu.compiler.diagnostics.colors import Painter, visible, visible_name
from htdbu.compiler.diagnostics.excerpt import Mark, draw, last_line, mark
from htdbu.compiler.diagnostics.model import Diagnostic
from htdbu.compiler.diagnostics.report import Output, Report, Sources


def render_human(findings: Iterable[Diagnostic], sources: Sources, color: bool = False) -> str:
    """Each finding as people read it; a blank line between two."""
    paint = Painter(color)
    return "\n\n".join("\n".join(_lines(finding, sources, paint)) for finding in findings)


def _lines(finding: Diagnostic, sources: Sources, paint: Painter) -> list[str]:
    head = paint(f"{finding.severity}[{finding.code}]", finding.severity)
    marks = _marks(finding, sources)
    gutter = max((len(str(last_line(group))) for group in marks.values()), default=1)
    lines = [f"{head} {paint(visible(finding.message), 'bold')}"]
    for file, group in marks.items():
        lines += _excerpt(file, group, finding, sources, paint, gutter)
    if not marks and finding.span.file:
        lines.append(f"{' ' * gutter}{paint('-->', 'place')} {visible_name(finding.span.file)}")
    said = [("note", note) for note in (finding.note, _witness(finding)) if note]
    said += [("help", finding.help)] if finding.help else []
    return lines + [
        f"{' ' * gutter} {paint('=', 'place')} {paint(what, 'bold')}: {visible(text)}" for what, text in said
    ]


def _marks(finding: Diagnostic, sources: Sources) -> dict[str, list[Mark]]:
    """What is to be marked in every file, the file of the finding first."""
    spans = [(finding.span, "", str(finding.severity))]
    spans += [(label.span, label.message, "related") for label in finding.related]
    groups: dict[str, list[Mark]] = {}
    for span, label, style in spans:
        if span.file in sources:
            groups.setdefault(span.file, []).append(mark(span, sources[span.file], label, style))
    return groups


def _excerpt(
    file: str, group: Sequence[Mark], finding: Diagnostic, sources: Sources, paint: Painter, gutter: int
) -> list[str]:
    is_first = file == finding.span.file
    span = finding.span if is_first else next(label.span for label in finding.related if label.span.file == file)
    line, column = sources[file].position(span.start)
    arrow = paint("-->" if is_first else ":::", "place")
    return [f"{' ' * gutter}{arrow} {visible_name(file)}:{line}:{column}", *draw(sources[file], group, paint, gutter)]


def _witness(finding: Diagnostic) -> str | None:
    """The row that shows it."""
    if not finding.witness:
        return None
    cells = ", ".join(f"{name}: {'null' if value is None else value}" for name, value in finding.witness.items())
    return f"for example the row {{ {cells} }}"


def _render(report: Report) -> str:
    text = render_human(report.findings, report.sources, report.color)
    return f"{text}\n\n" if text else ""


OUTPUT = Output("human", _render)
