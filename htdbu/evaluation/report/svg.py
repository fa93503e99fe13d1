"""What all charts share: inline SVG as pure functions from shares to text.

A chart carries no colours of its own: its classes (`real`, `synthetic`, `grid`, `heat`) take them from the page, so
that one chart serves a light and a dark one. Every chart is an image with a title and a description for those who do
not see it. `key` must be unique on the page. All labels are escaped here.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from markupsafe import Markup

WIDTH = 340
"""Width of a marginal chart in SVG units, about one CSS pixel each on a phone."""


def percent(share: float) -> str:
    """A share in percent, one digit after the point."""
    return f"{100 * share:.1f} %"


def shortened(label: str, most: int) -> str:
    """A label of at most `most` characters."""
    return label if len(label) <= most else f"{label[: most - 1]}…"


def number(value: float) -> str:
    """A coordinate, as short as it can be without being seen to move."""
    return f"{value:.1f}".removesuffix(".0")


def image(key: str, title: str, said: str, width: float, height: float, parts: Sequence[str]) -> Markup:
    """The drawing with its title and description."""
    name = escape(key)
    return Markup(
        f'<svg viewBox="0 0 {number(width)} {number(height)}" role="img" '
        f'aria-labelledby="{name}-t" aria-describedby="{name}-d">'
        f'<title id="{name}-t">{escape(title)}</title><desc id="{name}-d">{escape(said)}</desc>{"".join(parts)}</svg>'
    )
