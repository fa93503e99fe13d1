"""A joint distribution, real beside synthetic: two charts with one scale, and the same as a table."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from htdbu.evaluation.report.heat import heat_map
from htdbu.evaluation.report.html import Heads, Part, details, el, figure, join, percent, points, swatch, table
from htdbu.evaluation.report.html import numbers as number_heads
from htdbu.evaluation.report.joints import Joint


def beside(key: str, names: Sequence[str], joint: Joint, *, level: str = "h3") -> Markup:
    """Both charts and the table; `key` must be unique on the page."""
    top = float(max(joint.real.max(initial=0.0), joint.synthetic.max(initial=0.0)))
    sides = (("real", joint.real), ("synthetic", joint.synthetic))
    charts = (
        _chart(
            join([swatch(kind), f"{kind.capitalize()} rows"]),
            heat_map(f"{key}-{kind}", _title(names, kind), joint.rows, joint.columns, shares.tolist(), top),
            level,
        )
        for kind, shares in sides
    )
    return join([el("div", *charts, cls="grid pair"), details("The same as a table", cells_table(names, joint))])


def _chart(heading: Part, drawing: Markup, level: str) -> Markup:
    if level == "h3":
        return figure(heading, drawing)
    return el("figure", el("figcaption", el(level, heading)), drawing, cls="card")


def _title(names: Sequence[str], kind: str) -> str:
    return f"{names[0]} by {names[1]}, {kind} rows"


def cells_table(names: Sequence[str], joint: Joint) -> Markup:
    """A line for every pair of levels that some row has."""
    lines = [
        [row, column, percent(before), percent(after), points(after - before)]
        for i, row in enumerate(joint.rows)
        for j, column in enumerate(joint.columns)
        if (before := float(joint.real[i, j])) + (after := float(joint.synthetic[i, j])) > 0
    ]
    heads: Heads = [*names[:2], *number_heads("Real", "Synthetic", "Difference")]
    return table(f"{names[0]} by {names[1]}", heads, lines)
