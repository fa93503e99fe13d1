"""The rule file as it stands, with how each rule fared beside it."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from htdbu.evaluation.report.annotations import Note, line_notes
from htdbu.evaluation.report.html import el, join, marked, soft
from htdbu.evaluation.report.material import Material
from htdbu.evaluation.report.section import Section


def build(material: Material) -> Markup | None:
    """Line by line, notes at the last line of a rule; nothing where the text is not known."""
    if material.rules_text is None:
        return None
    notes = line_notes(material)
    lines = material.rules_text.splitlines()
    spelled = (
        el(
            "li",
            el("code", text or "\u200b"),
            *(el("span", marked(*note), cls="note") for note in notes.get(number, ())),
        )
        for number, text in enumerate(lines)
    )
    words = "The file that was compiled. Beside each rule stand the shares of rows that fail it"
    words += ", and beside each target its value." if notes else "."
    return join([soft(words) if notes else None, el("ol", *spelled, cls="source card")])


def _line(text: str, notes: Iterable[Note]) -> Markup:
    """A line of the file, empty ones as high as the others."""
    return el("li", el("code", text or "\u200b"), *(el("span", marked(*note), cls="note") for note in notes))


SECTION = Section("file", "Rule file", build)
