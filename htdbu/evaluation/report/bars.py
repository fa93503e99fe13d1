"""Bars: of paired shares, and of parts of a whole."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from markupsafe import Markup

from htdbu.evaluation.report.svg import WIDTH, image, number, percent, shortened

_ROW, _BAR = 29, 10
_LABEL, _FIGURES = 104, 46


def paired_bars(
    key: str, title: str, labels: Sequence[str], real: Sequence[float], synthetic: Sequence[float]
) -> Markup:
    """A bar for the real and one for the synthetic share of every level; all three sequences are equally long."""
    top = max([*real, *synthetic, 0.0]) or 1.0
    room = WIDTH - _LABEL - _FIGURES
    parts = []
    for k, (label, before, after) in enumerate(zip(labels, real, synthetic, strict=True)):
        y = k * _ROW + 4
        parts.append(
            f'<g><title>{escape(label)}</title><text class="label" x="{_LABEL - 8}" y="{y + 15}" text-anchor="end">'
            f"{escape(shortened(label, 14))}</text></g>"
        )
        for kind, share, offset in (("real", before, 0), ("synthetic", after, _BAR + 1)):
            width = number(room * share / top)
            parts.append(
                f'<rect class="{kind}" x="{_LABEL}" y="{y + offset}" width="{width}" height="{_BAR}" rx="1.5"/>'
            )
            x = number(_LABEL + room * share / top + 5)
            parts.append(f'<text class="figure" x="{x}" y="{y + offset + 9}">{percent(share)}</text>')
    said = "; ".join(
        f"{label}: real {percent(before)}, synthetic {percent(after)}"
        for label, before, after in zip(labels, real, synthetic, strict=True)
    )
    return image(key, title, said, WIDTH, max(len(labels), 1) * _ROW + 6, parts)


def stacked_bar(key: str, title: str, parts: Sequence[tuple[str, int]]) -> Markup:
    """One bar, divided in the ratio of some counts; parts are painted `part-0`, `part-1`, and so on."""
    width, total = 720, sum(count for _, count in parts) or 1
    painted, x = [], 0.0
    for k, (name, count) in enumerate(parts):
        part = width * count / total
        if count:
            painted.append(
                f'<rect class="part-{k}" x="{number(x)}" y="0" width="{number(max(part - 1, 0.5))}" height="18" '
                f'rx="2"><title>{escape(name)}: {count:,}</title></rect>'
            )
        x += part
    said = "; ".join(f"{name}: {count:,} rows" for name, count in parts)
    return image(key, title, said, width, 18, painted)
