"""Histograms: a filled shape and a line over common bins."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from markupsafe import Markup

from htdbu.evaluation.report.svg import WIDTH, image, number, percent

_PLOT_TOP, _PLOT_HEIGHT = 16, 110


def paired_histogram(
    key: str, title: str, real: Sequence[float], synthetic: Sequence[float], ticks: Sequence[str], said: str
) -> Markup:
    """The real shares of common bins as a filled shape, the synthetic ones as a line above it.

    Args:
        key, title: see `svg`.
        real, synthetic: the share of each bin, equally many.
        ticks: what stands below the axis, spread evenly from its left to its right end.
        said: the description.
    """
    peak = max([*real, *synthetic, 0.0])
    top = peak or 1.0
    base, width = _PLOT_TOP + _PLOT_HEIGHT, WIDTH - 8
    outlines = [_steps(shares, top, base, width) for shares in (real, synthetic)]
    parts = [
        f'<line class="grid" x1="4" x2="{WIDTH - 4}" y1="{_PLOT_TOP}" y2="{_PLOT_TOP}"/>',
        f'<text class="figure" x="4" y="{_PLOT_TOP - 5}">{percent(peak)} of rows</text>',
        f'<path class="real" d="M4 {base}{outlines[0]}V{base}Z"/>',
        f'<path class="synthetic line" d="M4 {base}{outlines[1]}V{base}"/>',
        f'<line class="axis" x1="4" x2="{WIDTH - 4}" y1="{base}" y2="{base}"/>',
    ]
    for k, tick in enumerate(ticks):
        x = 4 + width * k / max(len(ticks) - 1, 1)
        anchor = "start" if k == 0 else "end" if k == len(ticks) - 1 else "middle"
        parts.append(
            f'<text class="figure" x="{number(x)}" y="{base + 15}" text-anchor="{anchor}">{escape(tick)}</text>'
        )
    return image(key, title, said, WIDTH, base + 22, parts)


def _steps(shares: Sequence[float], top: float, base: float, width: float) -> str:
    """The outline of a histogram, from left to right."""
    bar = width / max(len(shares), 1)
    return "".join(
        f"V{number(base - _PLOT_HEIGHT * share / top)}H{number(4 + bar * (k + 1))}" for k, share in enumerate(shares)
    )
