"""Changes of a rule file's text: statements that are commented out with a reason, rules that are made soft."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from htdbu.compiler.diagnostics.model import Diagnostic
from htdbu.compiler.diagnostics.view import View, covers
from htdbu.grammar import syntax
from htdbu.grammar.source import Span

_UNITS = (
    syntax.RuleDecl,
    syntax.ColumnDecl,
    syntax.ParamDecl,
    syntax.DefDecl,
    syntax.LookupDecl,
    syntax.UniqueDecl,
    syntax.FdDecl,
    syntax.FactorDecl,
    syntax.TargetDecl,
    syntax.ImportDecl,
    syntax.TestDecl,
    syntax.When,
)
"""What is commented out as a whole: the innermost one that a fault lies in."""


@dataclass(frozen=True)
class Change:
    """A text in the place of another one.

    Attributes:
        what: the name of what is changed.
        how: what becomes of it: "left out", "made soft", …
        reason: why, for a person.
    """

    start: int
    end: int
    text: str
    what: str
    how: str
    reason: str


def applied(text: str, changes: Iterable[Change]) -> tuple[str, list[Change]]:
    """A text with changes made; of those that overlap only the one that begins first, and is the longest, is made."""
    made: list[Change] = []
    for change in sorted(changes, key=lambda change: (change.start, -change.end)):
        if not made or change.start > made[-1].end or (change.start == made[-1].end and change.end > change.start):
            made.append(change)
    for change in reversed(made):
        text = text[: change.start] + change.text + text[change.end :]
    return text, made


def left_out(view: View, span: Span, reason: str) -> Change | None:
    """Comment out what a place lies in; None where that would be the whole table."""
    unit = _unit(view, span)
    if unit is None:
        return None
    place = view.removal(unit).span
    text = view.source.text[place.start : place.end]
    lines = "\n".join(f"# {line}".rstrip() for line in text.rstrip("\n").split("\n"))
    opener = "" if _begins_line(view.source.text, place.start) else "\n"
    reason = " ".join(reason.split())
    return Change(
        place.start, place.end, f"{opener}# left out: {reason}\n{lines}\n", name_of(view, unit), "left out", reason
    )


def softened(view: View, rule: syntax.RuleDecl, evidence: str) -> Change:
    """A hard rule as a soft one, with the reason above it."""
    text = view.source.text
    body = text[text.index(":", rule.name.span.end) + 1 : rule.span.end].strip()
    name = text[rule.name.span.start : rule.name.span.end]
    soft = f"soft(1) {name}: {f'not ({body})' if rule.kind == 'forbid' else body}"
    note = _above(view, rule.span, f"{evidence}, so it is soft; the model wrote it as hard.")
    return Change(rule.span.start, rule.span.end, f"{note}{soft}", rule.name.value, "made soft", evidence)


def noted(view: View, span: Span, evidence: str, what: str) -> Change:
    """A doc comment above a declaration."""
    return Change(span.start, span.start, _above(view, span, evidence), what, "noted", evidence)


def made_nullable(view: View, column: syntax.ColumnDecl, evidence: str) -> Change:
    """A column that may be null."""
    edit = view.after_type(column, "null")
    return Change(edit.span.start, edit.span.end, edit.text, column.name.value, "made null", evidence)


def made_plain(view: View, column: syntax.ColumnDecl, evidence: str) -> Change | None:
    """A derived column as one of its own."""
    if column.derived is None:
        return None
    start = view.source.text.rfind("=", column.span.start, column.derived.span.start)
    return (
        Change(start, column.span.end, "", column.name.value, "made a column of its own", evidence)
        if start > 0
        else None
    )


def name_of(view: View, span: Span) -> str:
    """What a unit is called: its name where it has one, else its first words."""
    unit: Any = next((one for kind in _UNITS if (one := view.at(kind, span)) is not None), None)
    if isinstance(getattr(unit, "name", None), syntax.Name):
        return str(unit.name.value)
    words = " ".join(view.source.text[span.start : span.end].split())
    return words if len(words) <= 60 else f"{words[:59]}…"


def place_of(view: View, finding: Diagnostic) -> Span:
    """The place of a finding; of several, that of a rule or target before that of a column."""
    places = [finding.span, *(label.span for label in finding.related)]
    own = [span for span in places if span.file == view.source.name]
    of_rules = [span for span in own if view.around(syntax.ColumnDecl, span) is None]
    return next(iter(of_rules or own), finding.span)


def _unit(view: View, span: Span) -> Span | None:
    """The innermost unit that a place lies in, else the broken piece, else its lines; None for a table as a whole."""
    found: list[Span] = [unit.span for kind in _UNITS if (unit := _around(view, kind, span)) is not None]
    if found:
        return min(found, key=lambda one: one.end - one.start)
    lost = [one for one in view.tree.lost if covers(one, span) or covers(span, one)]
    if lost:
        return _trimmed(view, min(lost, key=lambda one: one.end - one.start))
    if any(covers(table.span, span) for table in view.parts(syntax.Table)):
        return None
    return _lines(view, span)


def _around(view: View, kind: type[Any], span: Span) -> Any:
    return view.around(kind, span)


def _trimmed(view: View, span: Span) -> Span:
    """A place without the space at its ends."""
    text = view.source.text[span.start : span.end]
    start = span.start + len(text) - len(text.lstrip())
    return Span(span.file, start, max(start, span.start + len(text.rstrip())))


def _lines(view: View, span: Span) -> Span | None:
    """The lines of a place; None where nothing stands on them."""
    text = view.source.text
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.end)
    found = _trimmed(view, Span(span.file, start, len(text) if end < 0 else end))
    return found if found.end > found.start else None


def _begins_line(text: str, place: int) -> bool:
    return not text[text.rfind("\n", 0, place) + 1 : place].strip(" \t")


def _above(view: View, span: Span, evidence: str) -> str:
    """A line of its own for a doc comment that ends where a declaration begins."""
    opener = "" if _begins_line(view.source.text, span.start) else "\n"
    return f"{opener}## {evidence}\n"


def places(view: View) -> Iterator[tuple[str, Span]]:
    """What a check calls a rule, and where that stands."""
    for column in view.columns():
        for what in ("domain", "null", "derived"):
            yield f"{column.name.value}.{what}", column.span
        yield f"key({column.name.value})", column.span
    for rule in view.parts(syntax.RuleDecl):
        yield rule.name.value, rule.span
    for unique in view.parts(syntax.UniqueDecl):
        yield f"unique({', '.join(name.value for name in unique.columns)})", unique.span
    for fd in view.parts(syntax.FdDecl):
        left, right = (", ".join(name.value for name in side) for side in (fd.left, fd.right))
        yield f"fd({left} -> {right})", fd.span
