"""Rows that broke a rule: as they were first sampled, and those that still do; real ones only where that is allowed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from htdbu.evaluation.report.html import Part, el, join, soft, table
from htdbu.evaluation.report.material import Material
from htdbu.evaluation.report.section import Section
from htdbu.solver.broken_rows import broken_rows

MOST_RULES = 12
SAMPLED, SYNTHETIC, REAL = "as sampled", "synthetic row", "real row"


def build(material: Material) -> Markup | None:
    """For every broken rule the cells that it reads of the first row that breaks it; nothing where none is known."""
    lines = list(_lines(material))
    if not lines:
        return None
    words = "One row for each rule that rows broke, with the cells that the rule reads."
    words += " Rows “as sampled” were drawn again or repaired before the table was finished."
    if material.show_real:
        words += " Real rows are shown because that was asked for."
    return join([soft(words), table("Rows that broke a rule", ["Rule and row", "Cells"], lines, wrap=0)])


def _lines(material: Material) -> Iterator[list[Part]]:
    sampled = () if material.synthesis is None else material.synthesis.get("raw_examples") or ()
    yield from (_line(SAMPLED, example) for example in sampled[:MOST_RULES])
    for example in broken_rows(material.synthetic_check, MOST_RULES):
        yield _line(f"{SYNTHETIC} {example['row']:,}", example)
    if material.show_real:
        for example in broken_rows(material.real_check, MOST_RULES):
            yield _line(f"{REAL} {example['row']:,}", example)


def _line(where: str, example: Any) -> list[Part]:
    cells = ", ".join(f"{header} = {_spelled(value)}" for header, value in example["cells"].items())
    return [join([example["rule"], el("span", where, cls="doc")]), cells]


def _spelled(value: str | None) -> str:
    return "(missing)" if value is None else value


SECTION = Section("broken", "Broken rows", build, lambda _: "Rows that broke a rule")
