"""Heat maps: the joint distribution of two columns, a cell a pair of levels, darker where more rows lie."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from markupsafe import Markup

from htdbu.evaluation.report.svg import WIDTH, image, number, percent, shortened

_LEFT, _CELL = 100, 24
_LETTER = 6.2
"""The width of a letter, roughly."""
_SLOPE = math.sin(math.radians(40))
_DARKEST = 0.9


def heat_map(
    key: str,
    title: str,
    rows: Sequence[str],
    columns: Sequence[str],
    shares: Sequence[Sequence[float]],
    top: float,
) -> Markup:
    """A joint distribution, the names of the rows at the left and those of the columns below, aslant.

    Args:
        key, title: see `svg`.
        rows, columns: the levels of the two columns.
        shares: the share of rows in each cell, shape (rows, columns).
        top: the share that is painted darkest; the same for charts that are compared.
    """
    width = (WIDTH - _LEFT - 12) / max(len(columns), 1)
    base = _CELL * len(rows)
    parts = []
    for i, name in enumerate(rows):
        y = i * _CELL
        parts.append(
            f'<text class="label" x="{_LEFT - 6}" y="{y + 16}" text-anchor="end">{escape(shortened(name, 13))}</text>'
        )
        for j, share in enumerate(shares[i]):
            # The eye judges area and tone by less than their measure: the root keeps rare cells in sight.
            tone = _DARKEST * (share / top) ** 0.5 if top > 0 else 0.0
            parts.append(
                f'<rect class="heat" x="{number(_LEFT + width * j)}" y="{y}" width="{number(width - 1)}" '
                f'height="{_CELL - 1}" fill-opacity="{tone:.2f}"/>'
            )
    for j, name in enumerate(columns):
        x, y = number(_LEFT + width * (j + 0.5) + 3), base + 12
        parts.append(
            f'<text class="label" x="{x}" y="{y}" text-anchor="end" transform="rotate(-40 {x} {y})">'
            f"{escape(shortened(name, 14))}</text>"
        )
    said = "; ".join(
        f"{row} and {column}: {percent(shares[i][j])}"
        for i, row in enumerate(rows)
        for j, column in enumerate(columns)
        if shares[i][j] == max(shares[i])
    )
    longest = max((len(shortened(name, 14)) for name in columns), default=0)
    height = base + 18 + longest * _LETTER * _SLOPE
    return image(key, title, f"the most common cell of each row: {said}", WIDTH, height, parts)
