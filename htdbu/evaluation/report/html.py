"""HTML from plain values: small pure functions that escape all that is not markup already.

Sections are put together from these, so that tables, scroll regions and text alternatives are the same everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

Part = str | int | Markup | None
"""What may stand inside an element; None is nothing."""

MISSING = "–"
"""What stands where there is no value."""


def el(tag: str, *parts: Part, **attributes: str | None) -> Markup:
    """An element; an attribute `cls` is the class, `_` in a name stands for `-`, and None leaves one out."""
    spelled = "".join(
        f' {"class" if name == "cls" else name.replace("_", "-")}="{escape(value)}"'
        for name, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{tag}{spelled}>{join(parts)}</{tag}>")  # every piece is escaped above


def join(parts: Iterable[Part], between: str = "") -> Markup:
    """Parts one after the other."""
    return Markup(escape(between)).join(escape(part) for part in parts if part is not None)


def soft(*parts: Part) -> Markup:
    """A paragraph that explains."""
    return el("p", *parts, cls="soft")


def count(number: int, one: str = "", many: str | None = None) -> str:
    """A number with what is counted, in the right number."""
    noun = one if number == 1 else f"{one}s" if many is None else many
    return f"{number:,} {noun}" if one else f"{number:,}"


def percent(share: float | None) -> str:
    """A share in percent, two digits after the point."""
    return MISSING if share is None else f"{100 * share:.2f} %"


def points(shift: float) -> str:
    """A change of a share, in percentage points."""
    return f"{100 * shift:+.2f} pp"


@dataclass(frozen=True)
class Head:
    """The head of a table's column; numbers stand at the right."""

    text: Part
    number: bool = False


Heads = list[str | Head]


def numbers(*texts: Part) -> Heads:
    """Heads of columns of numbers."""
    return [Head(text, number=True) for text in texts]


def table(
    label: str, heads: Sequence[str | Head], rows: Iterable[Sequence[Part]], *, row_heads: bool = True, wrap: int = 34
) -> Markup:
    """A table in a region of its own that scrolls sideways where there is no room, by keyboard too.

    Args:
        label: what a screen reader calls it.
        heads: of the columns.
        rows: the cells; the first of a row is its head unless `row_heads` is False. None shows as missing.
        wrap: texts longer than this may be broken into lines.
    """
    spelled = [head if isinstance(head, Head) else Head(head) for head in heads]
    top = el("thead", el("tr", *(el("th", head.text, scope="col", cls=_side(head)) for head in spelled)))
    body = (
        el(
            "tr",
            *(_cell(cell, head, row_heads and i == 0, wrap) for i, (cell, head) in enumerate(_pairs(row, spelled))),
        )
        for row in rows
    )
    return region(label, el("table", top, el("tbody", *body)))


def _pairs(row: Sequence[Part], heads: Sequence[Head]) -> Iterable[tuple[Part, Head]]:
    return zip(row, heads, strict=True)


def _side(head: Head) -> str | None:
    return "n" if head.number else None


def _cell(cell: Part, head: Head, is_head: bool, wrap: int) -> Markup:
    if cell is None:
        cell = el("span", MISSING, cls="soft")
    if is_head:
        return el("th", cell, scope="row", cls=_side(head))
    long = isinstance(cell, str) and not isinstance(cell, Markup) and len(cell) > wrap
    return el("td", cell, cls="text" if long else _side(head))


def region(label: str, *parts: Part) -> Markup:
    """What may be wider than the page: it scrolls by itself, and can be reached by keyboard."""
    return el("div", *parts, cls="wide", role="region", tabindex="0", aria_label=label)


def details(summary: Part, *parts: Part, shown: bool = False) -> Markup:
    """What is folded away until it is asked for; this works without scripts."""
    inner = join([el("summary", summary), *parts])
    return Markup("<details open>{}</details>" if shown else "<details>{}</details>").format(inner)


def figure(heading: Part, *parts: Part) -> Markup:
    """A chart with its heading, and whatever says the same in words."""
    return el("figure", el("figcaption", el("h3", heading)), *parts, cls="card")


def figures(lines: Iterable[tuple[Part, Part, Part]]) -> Markup:
    """Terms with a value and what to hold it against, which may be empty."""
    spelled = (
        el("div", el("dt", term), el("dd", el("span", value, cls="value"), el("span", note) if note else None))
        for term, value, note in lines
    )
    return el("dl", *spelled, cls="figures")


def swatch(kind: str) -> Markup:
    """A patch of the colour that a chart paints something with."""
    return el("span", cls=f"swatch {kind}", aria_hidden="true")


def marked(text: Part, state: str | None) -> Markup:
    """A text that stands out as good, mixed or bad."""
    return escape("" if text is None else text) if state is None else el("b", text, cls=state)


def key(*entries: tuple[str, str]) -> Markup:
    """What the colours of charts mean: pairs of a kind and its words."""
    return el("ul", *(el("li", swatch(kind), words) for kind, words in entries), cls="key")


REAL_AND_SYNTHETIC = (("real", "real rows"), ("synthetic", "synthetic rows"))
