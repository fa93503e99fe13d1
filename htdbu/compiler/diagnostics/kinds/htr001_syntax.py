"""HTR001 syntax: text that does not fit the language; the message says what was expected."""

from __future__ import annotations

from collections.abc import Sequence

from htdbu.compiler.diagnostics.model import Diagnostic, Edit, Fix, Kind
from htdbu.grammar.source import Span
from htdbu.grammar.syntax import SyntaxFinding

KIND = Kind(
    code="HTR001",
    name="syntax",
    severity="error",
    meaning="Text that does not fit the language; the message says what was expected.",
    why=(
        "A statement that cannot be read is left out. Reading goes on at the next line that begins a statement, "
        "so one run reports every mistake of the file."
    ),
    failing="""\
table t {
  age : int in 0..120
}
hard adult: age >=
""",
    mended="""\
table t {
  age : int in 0..120
}
hard adult: age >= 18
""",
)


def fix_of(finding: SyntaxFinding) -> Fix | None:
    """What the parser would put in place of a mistake."""
    if finding.repair is None:
        return None
    edits = tuple(Edit(span, text) for span, text in finding.repair.edits)
    return Fix(_title(edits), edits, finding.repair.is_certain)


def _title(edits: Sequence[Edit]) -> str:
    """What the edits do, for an editor's menu."""
    texts = [edit.text.strip() for edit in edits]
    if not any(texts):
        return "use a plain space" if any(edit.text for edit in edits) else "delete it"
    shown = " and ".join(dict.fromkeys(text if "`" in text else f"`{text}`" for text in texts))
    return f"add {shown}" if all(edit.span.start == edit.span.end for edit in edits) else f"use {shown}"


def too_large(span: Span) -> Diagnostic:
    """An expression that has grown beyond all measure."""
    message = "this grows too large, or nests too deeply, once its definitions are put in"
    help = "write fewer definitions in terms of each other, or use `sum(…)`, `all(…)`, `any(…)`"
    return KIND.at(span, message, help=help)
