"""The picture of the page: rows a second of every contestant, a panel a rule set, on a logarithmic scale.

A standalone SVG, since a Markdown page shows images only; the charts of reports, `htdbu.evaluation.svg`, take their
colours from the page that they stand in, and none of them has a logarithmic scale.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

PANEL, HEIGHT, LEFT, GAP, TOP, BOTTOM = 250, 260, 58, 22, 44, 30
COLOURS = ("#1f6feb", "#d1495b", "#2a9d5c", "#c77d0a", "#8250df", "#57606a", "#0a8a8a")
STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#24292f}.title{font-weight:600}.grid{stroke:#d0d7de}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.grid{stroke:#30363d}}"
)


@dataclass(frozen=True)
class Panel:
    """One rule set: its title, and for each contestant its rows a second on each table; None where it has none."""

    title: str
    series: dict[str, Sequence[float | None]]


def picture(panels: Sequence[Panel], tables: Sequence[str], title: str) -> str:
    """The SVG.

    Args:
        tables: the names below the axis, as many as each series has values.
    """
    values = [v for panel in panels for series in panel.series.values() for v in series if v]
    low, high = floor(log10(min(values, default=1))), ceil(log10(max(values, default=10)))
    scale = _Scale(low, max(high, low + 1))
    names = list(dict.fromkeys(name for panel in panels for name in panel.series))
    colours = {name: COLOURS[k % len(COLOURS)] for k, name in enumerate(names)}
    width = LEFT + len(panels) * (PANEL + GAP)
    height = TOP + HEIGHT + BOTTOM
    parts = [*_legend(colours), *_axis(scale, width)]
    for k, panel in enumerate(panels):
        parts += _panel(panel, LEFT + k * (PANEL + GAP), scale, tables, colours)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-labelledby="t">'
        f'<title id="t">{escape(title)}</title><style>{STYLE}</style>{"".join(parts)}</svg>\n'
    )


@dataclass(frozen=True)
class _Scale:
    """Powers of ten from bottom to top."""

    low: int
    high: int

    def y(self, value: float) -> float:
        """Where a value lies."""
        return TOP + HEIGHT * (1 - (log10(value) - self.low) / (self.high - self.low))


def _legend(colours: dict[str, str]) -> Iterator[str]:
    x = LEFT
    for name, colour in colours.items():
        yield f'<circle cx="{x + 5}" cy="10" r="4.5" fill="{colour}"/><text x="{x + 14}" y="14">{escape(name)}</text>'
        x += 30 + 7 * len(name)


def _axis(scale: _Scale, width: int) -> Iterator[str]:
    for power in range(scale.low, scale.high + 1):
        y = scale.y(10.0**power)
        yield f'<line class="grid" x1="{LEFT}" x2="{width - GAP}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{_short(power)}</text>'
    yield f'<text x="4" y="{TOP - 12}">rows/s</text>'
    yield f'<text x="{LEFT - 6}" y="{TOP + HEIGHT + 18}" text-anchor="end">violating</text>'


def _short(power: int) -> str:
    """A power of ten as people write it."""
    thousands, rest = divmod(power, 3)
    return f"{10**rest}{' kMG'[thousands].strip()}" if 0 <= thousands <= 3 else f"1e{power}"


def _panel(panel: Panel, left: float, scale: _Scale, tables: Sequence[str], colours: dict[str, str]) -> Iterator[str]:
    step = PANEL / len(tables)
    places = [left + step * (k + 0.5) for k in range(len(tables))]
    middle = left + PANEL / 2
    yield f'<text class="title" x="{middle:.1f}" y="{TOP - 12}" text-anchor="middle">{escape(panel.title)}</text>'
    for x, table in zip(places, tables, strict=True):
        yield f'<text x="{x:.1f}" y="{TOP + HEIGHT + 18}" text-anchor="middle">{escape(table)}</text>'
    for name, series in panel.series.items():
        points = [(x, scale.y(value), value) for x, value in zip(places, series, strict=True) if value]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points)
        yield f'<polyline points="{line}" fill="none" stroke="{colours[name]}" stroke-width="1.5" opacity="0.55"/>'
        for x, y, value in points:
            said = escape(f"{name}: {value:,.0f} rows/s")
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{colours[name]}"><title>{said}</title></circle>'
