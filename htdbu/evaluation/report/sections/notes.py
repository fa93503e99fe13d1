"""Notes of the metrics: why a figure is missing, or how to read it."""

from __future__ import annotations

from markupsafe import Markup

from htdbu.evaluation.report.html import el
from htdbu.evaluation.report.material import Material
from htdbu.evaluation.report.section import Section


def build(material: Material) -> Markup | None:
    """A list; nothing where there are none."""
    notes = material.scores["notes"]
    return el("ul", *(el("li", note) for note in notes)) if notes else None


SECTION = Section("notes", "Notes", build)
