"""Example rows: synthetic ones, and real ones only where that is asked for."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup

from htdbu.evaluation.report.html import el, join, soft, table
from htdbu.evaluation.report.material import Material
from htdbu.evaluation.report.section import Section

MOST_ROWS = 5
_LONGEST_CELL = 120


def build(material: Material) -> Markup:
    """The first rows of the synthetic table, and of the real one with `show_real`."""
    synthetic, rows = material.synthetic, len(material.synthetic)
    shown = min(rows, MOST_ROWS)
    promise = "" if material.show_real else " No real row is shown anywhere in this report."
    first = f"The first {shown} synthetic rows." if shown > 1 else "The first synthetic row."
    parts = [soft(first + promise), _table("Synthetic example rows", synthetic)]
    if not rows:
        parts = [soft(f"The synthetic table has no rows.{promise}")]
    if material.show_real and len(material.real):
        heading = el("h3", "Real rows, shown because that was asked for")
        parts += [el("div", heading, _table("Real example rows", material.real), cls="block")]
    return join(parts)


def _table(label: str, frame: pd.DataFrame) -> Markup:
    lines = [[cell(value) for value in row] for row in frame.head(MOST_ROWS).itertuples(index=False, name=None)]
    return table(label, [str(header) for header in frame.columns], lines, row_heads=False)


def cell(value: Any) -> str | None:
    """A cell as text, None where it is missing."""
    if value is None or pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp) and value == value.normalize():
        return str(value.date())
    text = f"{value:.15g}" if isinstance(value, float) else str(value)
    if not text:
        return None  # an empty cell of a file
    return text if len(text) <= _LONGEST_CELL else f"{text[: _LONGEST_CELL - 1]}…"


SECTION = Section("examples", "Example rows", build)
