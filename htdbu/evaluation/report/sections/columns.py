"""The columns one by one: the marginal of each in both tables."""

from __future__ import annotations

from markupsafe import Markup

from htdbu.compiler.program import Column
from htdbu.evaluation.report.html import REAL_AND_SYNTHETIC, details, el, join, key, numbers, percent, soft, table
from htdbu.evaluation.report.marginals import marginal
from htdbu.evaluation.report.material import Material
from htdbu.evaluation.report.section import Section


def build(material: Material) -> Markup:
    """A chart for every column but texts."""
    cards = [
        _card(material, k, column) for k, column in enumerate(material.program.columns) if column.type.kind != "text"
    ]
    if not cards:
        return soft("No column has values that can be counted.")
    return join([key(*REAL_AND_SYNTHETIC), el("div", *cards, cls="grid charts")])


def _card(material: Material, k: int, column: Column) -> Markup:
    real, synthetic = material.typed_real[column.name], material.typed_synthetic[column.name]
    shown = marginal(f"column-{k}", column.name, real, synthetic)
    kind = f"{column.type.kind}{', key' if column.key else ''}{', derived' if column.derived is not None else ''}"
    missing = [float(side.isna().mean()) if len(side) else 0.0 for side in (real, synthetic)]
    gone = f"missing: {percent(missing[0])} real, {percent(missing[1])} synthetic" if any(missing) else None
    lines = zip(shown.names, map(percent, shown.real), map(percent, shown.synthetic), strict=True)
    figures = table(f"Shares of {column.name}", [column.name, *numbers("Real", "Synthetic")], lines)
    return el(
        "figure",
        el(
            "figcaption",
            el("h3", column.name, " ", el("span", kind, cls="soft")),
            *(el("span", text, cls="doc") for text in (column.doc, gone) if text),
        ),
        shown.chart,
        details("As a table", figures),
        cls="card",
    )


SECTION = Section("marginals", "Columns", build, lambda _: "Columns, one by one")
