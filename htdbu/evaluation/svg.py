"""Charts as inline SVG: pure functions from shares to text.

A chart carries no colours of its own: its classes (`real`, `synthetic`, `grid`, `heat`) take them from the page, so
that one chart serves a light and a dark one. Every chart is an image with a title and a description for those who do
not see it. `key` must be unique on the page. All labels are escaped here.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

WIDTH = 340
"""Width of a marginal chart in SVG units, about one CSS pixel each on a phone."""

_ROW, _BAR = 29, 10
_LABEL, _FIGURES = 104, 46
_PLOT_TOP, _PLOT_HEIGHT = 16, 110


def percent(share: float) -> str:
    """A share in percent, one digit after the point."""
    return f"{100 * share:.1f} %"


def shortened(label: str, most: int) -> str:
    """A label of at most `most` characters."""
    return label if len(label) <= most else f"{label[: most - 1]}…"


def paired_bars(key: str, title: str, labels: Sequence[str], real: Sequence[float], synthetic: Sequence[float]) -> str:
    """A bar for the real and one for the synthetic share of every level; all three sequences are equally long."""
    top = max([*real, *synthetic, 0.0]) or 1.0
    room = WIDTH - _LABEL - _FIGURES
    parts = []
    for k, (label, before, after) in enumerate(zip(labels, real, synthetic, strict=True)):
        y = k * _ROW + 4
        parts.append(
            f'<g><title>{escape(label)}</title><text class="label" x="{_LABEL - 8}" y="{y + 15}" text-anchor="end">'
            f"{escape(shortened(label, 16))}</text></g>"
        )
        for kind, share, offset in (("real", before, 0), ("synthetic", after, _BAR + 1)):
            width = _number(room * share / top)
            parts.append(
                f'<rect class="{kind}" x="{_LABEL}" y="{y + offset}" width="{width}" height="{_BAR}" rx="1.5"/>'
            )
            x = _number(_LABEL + room * share / top + 5)
            parts.append(f'<text class="figure" x="{x}" y="{y + offset + 9}">{percent(share)}</text>')
    said = "; ".join(
        f"{label}: real {percent(before)}, synthetic {percent(after)}"
        for label, before, after in zip(labels, real, synthetic, strict=True)
    )
    return _image(key, title, said, WIDTH, len(labels) * _ROW + 6, parts)


def paired_histogram(
    key: str, title: str, real: Sequence[float], synthetic: Sequence[float], ticks: Sequence[str], said: str
) -> str:
    """The real shares of common bins as a filled shape, the synthetic ones as a line above it.

    Args:
        key, title: see the module.
        real, synthetic: the share of each bin, equally many.
        ticks: what stands below the axis, spread evenly from its left to its right end.
        said: the description.
    """
    top = max([*real, *synthetic, 0.0]) or 1.0
    base, width = _PLOT_TOP + _PLOT_HEIGHT, WIDTH - 8
    outlines = [_steps(shares, top, base, width) for shares in (real, synthetic)]
    parts = [
        f'<line class="grid" x1="4" x2="{WIDTH - 4}" y1="{_PLOT_TOP}" y2="{_PLOT_TOP}"/>',
        f'<text class="figure" x="4" y="{_PLOT_TOP - 5}">{percent(top)} of rows</text>',
        f'<path class="real" d="M4 {base}{outlines[0]}V{base}Z"/>',
        f'<path class="synthetic line" d="M4 {base}{outlines[1]}V{base}"/>',
        f'<line class="axis" x1="4" x2="{WIDTH - 4}" y1="{base}" y2="{base}"/>',
    ]
    for k, tick in enumerate(ticks):
        x = 4 + width * k / max(len(ticks) - 1, 1)
        anchor = "start" if k == 0 else "end" if k == len(ticks) - 1 else "middle"
        parts.append(
            f'<text class="figure" x="{_number(x)}" y="{base + 15}" text-anchor="{anchor}">{escape(tick)}</text>'
        )
    return _image(key, title, said, WIDTH, base + 22, parts)


def _steps(shares: Sequence[float], top: float, base: float, width: float) -> str:
    """The outline of a histogram, from left to right."""
    bar = width / max(len(shares), 1)
    return "".join(
        f"V{_number(base - _PLOT_HEIGHT * share / top)}H{_number(4 + bar * (k + 1))}" for k, share in enumerate(shares)
    )


def heat_map(
    key: str,
    title: str,
    rows: Sequence[str],
    columns: Sequence[str],
    shares: Sequence[Sequence[float]],
    top: float,
) -> str:
    """A joint distribution: a cell a pair of levels, darker where more rows lie.

    Args:
        key, title: see the module.
        rows, columns: the levels of the two columns.
        shares: the share of rows in each cell, shape (rows, columns).
        top: the share that is painted darkest; the same for charts that are compared.
    """
    left, head, height = 96, 26, 34
    width = max(62.0, (WIDTH - left) / max(len(columns), 1))
    most = int(width // 6.2)
    parts = [
        f'<g><title>{escape(name)}</title><text class="label" x="{_number(left + width * (j + 0.5))}" y="16" '
        f'text-anchor="middle">{escape(shortened(name, most))}</text></g>'
        for j, name in enumerate(columns)
    ]
    for i, name in enumerate(rows):
        y = head + i * height
        parts.append(
            f'<g><title>{escape(name)}</title><text class="label" x="{left - 8}" y="{y + 21}" text-anchor="end">'
            f"{escape(shortened(name, 14))}</text></g>"
        )
        for j, share in enumerate(shares[i]):
            # The eye judges area and tone by less than their measure: the root keeps rare cells in sight.
            tone = 0.62 * (share / top) ** 0.5 if top > 0 else 0.0
            x = _number(left + width * j + 1)
            parts.append(
                f'<rect class="heat" x="{x}" y="{y + 1}" width="{_number(width - 2)}" height="{height - 2}" rx="3" '
                f'fill-opacity="{tone:.3f}"/><text class="cell" x="{_number(left + width * (j + 0.5))}" y="{y + 21}" '
                f'text-anchor="middle">{percent(share)}</text>'
            )
    said = "; ".join(
        f"{row} and {column}: {percent(shares[i][j])}" for i, row in enumerate(rows) for j, column in enumerate(columns)
    )
    return _image(key, title, said, left + width * len(columns), head + height * len(rows) + 2, parts)


def stacked_bar(key: str, title: str, parts: Sequence[tuple[str, int]]) -> str:
    """One bar, divided in the ratio of some counts; parts are painted `part-0`, `part-1`, and so on."""
    width, total = 720, sum(count for _, count in parts) or 1
    painted, x = [], 0.0
    for k, (name, count) in enumerate(parts):
        part = width * count / total
        if count:
            painted.append(
                f'<rect class="part-{k}" x="{_number(x)}" y="0" width="{_number(max(part - 1, 0.5))}" height="18" '
                f'rx="2"><title>{escape(name)}: {count:,}</title></rect>'
            )
        x += part
    said = "; ".join(f"{name}: {count:,} rows" for name, count in parts)
    return _image(key, title, said, width, 18, painted)


def _number(value: float) -> str:
    """A coordinate, as short as it can be without being seen to move."""
    return f"{value:.1f}".removesuffix(".0")


def _image(key: str, title: str, said: str, width: float, height: float, parts: Sequence[str]) -> str:
    """The drawing with its title and description."""
    name = escape(key)
    return (
        f'<svg viewBox="0 0 {_number(width)} {_number(height)}" role="img" aria-labelledby="{name}-t {name}-d">'
        f'<title id="{name}-t">{escape(title)}</title><desc id="{name}-d">{escape(said)}</desc>{"".join(parts)}</svg>'
    )
