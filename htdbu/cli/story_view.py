"""The story of one row, told to people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from htdbu.cli.screen import Screen

if TYPE_CHECKING:
    from htdbu.solver.explain.story import Broken, Change, Kept, Member, RowStory, Version
    from htdbu.solver.explain.texts import Stated

_DIGITS = (2, 3, 4, 6, 9)
"""Digits after the point of a price: as few as tell two prices apart."""


def show_story(screen: Screen, story: RowStory, name: str) -> None:
    """The row, what it breaks, what the repair changes and what else would cost."""
    screen.say(f"row {story.row} of {name}")
    screen.say()
    screen.table(("column", "value"), [(header, _cell(cell)) for header, cell in story.cells.items()])
    screen.say()
    _show_breaks(screen, story)
    if story.conflict:
        _show_conflict(screen, story.conflict)
    elif story.price is None:
        screen.say("unknown: the search ended before any repair was found; --effort gives it more", "yellow")
    elif story.changes or story.breaks:
        _show_repair(screen, story)
    for note in story.notes:
        screen.say()
        screen.say(f"note: {note}", "yellow")


def _show_breaks(screen: Screen, story: RowStory) -> None:
    if not story.breaks:
        screen.say("breaks nothing", "green")
    for broken in story.breaks:
        screen.say(_broken(broken), "red" if broken.kind != "soft" else "yellow")
        _show_stated(screen, broken.stated)
        if broken.reads:
            screen.say(f"    {_cells(broken.reads)}")
    if story.breaks:
        screen.say()


def _broken(broken: Broken) -> str:
    kind = broken.kind if broken.weight is None else f"soft, {broken.weight:g}"
    return "  ".join(filter(None, (f"breaks {broken.name} ({kind})", broken.stated.place)))


def _show_stated(screen: Screen, stated: Stated) -> None:
    for line in (stated.doc or "").splitlines():
        screen.say(f"    ## {line}")
    screen.say(f"    {stated.text}")


def _show_repair(screen: Screen, story: RowStory) -> None:
    assert story.price is not None
    proof = "proved nearest" if story.status == "optimal" else "valid, but the search ended before the proof"
    pays = f"; {_and(story.pays)} still broken" if story.pays else ""
    if story.changes:
        screen.say(f"the repair costs {price_text(story.price)} ({proof}{pays})")
        lines = [(c.column, _cell(c.before), _cell(c.after), *_why(c)) for c in story.changes]
        screen.table(("column", "before", "after", ">price", "asked for by"), lines)
    else:
        screen.say(f"nothing changes: mending it would not cost less than {price_text(story.price)} ({proof})")
    if story.kept:
        screen.say()
    for kept in story.kept:
        screen.say(_kept(kept, story.price))


def _why(change: Change) -> tuple[str, str]:
    """The price of a change, and what asked for it."""
    follows = f" (follows {_and(change.follows)})" if change.follows else ""
    return price_text(change.price) if change.price else "-", ", ".join(change.rules) + follows


def _kept(kept: Kept, price: Fraction) -> str:
    """What it would cost to keep one of the cells that change."""
    version, cell = kept.version, f"{kept.column} at {_cell(kept.cell)}"
    if version.price is None:
        return f"keeping {cell} {_no_repair(version)}"
    if version.price == price:
        return f"keeping {cell} would cost as much, and comes later by the order of ties: {_version(version)}"
    mine, other = _apart(price, version.price)
    return f"keeping {cell} would cost {other} instead of {mine}: {_version(version)}"


def _no_repair(version: Version) -> str:
    if version.status == "unknown":
        return "may be possible: the search ended first"
    return f"is not possible: {_and(version.conflict)}" if version.conflict else "is not possible"


def _version(version: Version) -> str:
    """The cells that change, and the soft rules that fail."""
    parts = [f"{change.column} {_cell(change.before)} -> {_cell(change.after)}" for change in version.changes]
    parts += [f"{_and(version.pays)} broken"] if version.pays else []
    proof = " (not proved the cheapest)" if version.status == "feasible" else ""
    return (", ".join(parts) or "nothing changes") + proof


def _show_conflict(screen: Screen, members: Sequence[Member]) -> None:
    together = "these cannot agree" if len(members) > 1 else "this cannot hold"
    screen.say(f"infeasible: {together}, whatever else changes", "red")
    for member in members:
        screen.say("  ".join(filter(None, (f"  {member.name}", member.stated.place))))
        screen.say(f"      {member.stated.text}")
        if member.cell:
            screen.say(f"      {_cells(member.cell)}")
        if member.without is not None:
            screen.say(f"      without it: {_without(member.without)}")


def _without(version: Version) -> str:
    """How the row would be repaired without a member of its conflict."""
    if version.price is None:
        return f"a repair {_no_repair(version)}" if version.status == "unknown" else f"still {_still(version)}"
    return f"repaired for {price_text(version.price)}: {_version(version)}"


def _still(version: Version) -> str:
    return f"not repairable: {_and(version.conflict)}"


def _cells(cells: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = {_cell(cell)}" for name, cell in cells.items())


def _cell(cell: Any) -> str:
    return "null" if cell is None else str(cell)


def _and(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def price_text(price: Fraction, digits: int = 2) -> str:
    """A price with some digits after the point."""
    return f"{float(price):,.{digits}f}"


def _apart(one: Fraction, other: Fraction) -> tuple[str, str]:
    """Two prices with as many digits as it takes to tell them apart."""
    pairs: Iterator[tuple[str, str]] = ((price_text(one, digits), price_text(other, digits)) for digits in _DIGITS)
    return next(((mine, theirs) for mine, theirs in pairs if mine != theirs), (str(one), str(other)))
