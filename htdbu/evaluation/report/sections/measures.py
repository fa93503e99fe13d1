"""All measures that were taken: each with its floor, the last value that chance explains, and how to read it."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from htdbu.evaluation.measures import Finding, findings, paths_known
from htdbu.evaluation.report.html import Heads, Part, join, marked, numbers, soft, table
from htdbu.evaluation.report.material import Material
from htdbu.evaluation.report.section import Section
from htdbu.evaluation.verdict import shown

_QUESTIONS = {"useful": "Is it useful?", "close": "Is it close?", "private": "Is it private?"}


def build(material: Material) -> Markup:
    """A line a measure; what nobody has named yet goes by its key."""
    lines = [*map(_line, findings(material.scores)), *_unnamed(material)]
    if not lines:
        return soft("None was taken.")
    words = "Every measure beside its floor: what real rows score, drawn anew or learned from. "
    words += "The limit is the last value that chance explains; what lies beyond it is marked."
    heads: Heads = ["Measure", "Question", *numbers("Value", "Floor", "Limit"), "How to read it"]
    return join([soft(words), table("Measures", heads, lines)])


def _line(found: Finding) -> list[Part]:
    value = shown(found.value)
    spelled: Part = marked(f"{value} (beyond)", "mixed") if found.within is False else value
    line = found.measure
    limit = None if found.limit is None else f"{'≤' if line.less else '≥'} {shown(found.limit)}"
    floor = None if found.floor is None else shown(found.floor)
    return [line.name, _QUESTIONS[line.question], spelled, floor, limit, line.reads]


def _unnamed(material: Material) -> Iterator[list[Part]]:
    """Numbers of fidelity and privacy that the table of measures does not have."""
    known = paths_known()
    for part in ("fidelity", "privacy"):
        for name, value in material.scores[part].items():
            if (part, name) not in known and value is not None:
                yield [name, part, shown(value) if isinstance(value, int | float) else str(value), None, None, None]


SECTION = Section("measures", "Measures", build)
