"""HTR106 unused-ignore: an `ignore` that silences nothing; errors cannot be ignored."""

from __future__ import annotations

import re

from htdbu.compiler.diagnostics.model import Diagnostic, Edit, Fix, Kind
from htdbu.compiler.diagnostics.view import View
from htdbu.grammar.source import Span

_SAYS = re.compile(r"this ignores (?P<code>.*), which (?:is not reported here|cannot be ignored)", re.DOTALL)
_DECIDED_HERE = re.compile(r"HTR(?:[0-2][0-9]|30)[0-9]|HTR604")
"""Codes that need neither a proof nor data: whether they are reported is certain."""


def _fixer(finding: Diagnostic, view: View) -> Fix | None:
    """Take the code out of the list; delete the comment with its line where it lists nothing else."""
    said = _SAYS.fullmatch(finding.message)
    ignore = next((one for one in view.tree.ignores if one.span == finding.span), None)
    if said is None or ignore is None:
        return None
    is_safe = _DECIDED_HERE.fullmatch(said["code"]) is not None
    others = [code for code in ignore.codes if code != said["code"]]
    if not others:
        return Fix("delete the ignore", (view.removal(ignore.span, own_comments=False),), is_safe)
    text = view.text(ignore.span)
    start, end = text.index("[") + 1, text.index("]")
    listed = Span(ignore.span.file, ignore.span.start + start, ignore.span.start + end)
    return Fix(f"ignore only {', '.join(others)}", (Edit(listed, ", ".join(others)),), is_safe)


KIND = Kind(
    code="HTR106",
    name="unused-ignore",
    severity="warning",
    meaning="An `ignore` that silences nothing; errors cannot be ignored.",
    why="A leftover ignore would hide the next finding of that kind.",
    failing="""\
table t {
  age : int in 0..120
}
# htr: ignore[HTR206] kept for later
hard adult: age >= 18
""",
    mended="""\
table t {
  age : int in 0..120
}
# htr: ignore[HTR206] the column will be nullable soon
hard adult: age is null or age >= 18
""",
    fixer=_fixer,
)


def unused_ignore(span: Span, code: str) -> Diagnostic:
    """An ignore of a code that is not reported for what follows, or is an error."""
    from htdbu.compiler.diagnostics.registry import all_kinds

    kind = all_kinds().get(code)
    if kind is not None and kind.severity == "error":
        message, note = f"this ignores {code}, which cannot be ignored", "it is an error, and no error can be ignored"
    else:
        message, note = f"this ignores {code}, which is not reported here", None
    return KIND.at(span, message, note=note, help=f"delete the ignore of {code}")
