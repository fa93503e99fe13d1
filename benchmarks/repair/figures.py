"""What the page shows of each measurement, from the results as they were written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.repair.measure import LAYER, NAIVE
from benchmarks.repair.rule_sets import RULE_SETS

Results = dict[str, Any]
TABLES = {"1": "1 %", "30": "30 %", "100": "100 %", "noise": "noise"}
"""What the page calls the tables."""
PEERS = (NAIVE, LAYER)


@dataclass(frozen=True)
class Line:
    """One contestant on one table; figures that it lacks are None, and `trouble` says why.

    Attributes:
        rate, violating_rate: rows and violating rows a second.
        cpu: CPU seconds for a million rows.
        first: wall seconds of the first call.
        left: rows that still violate, of `rows`.
        given: rules that it was given, where not all; rows that broke one of them before, and still do.
        cells, price: changed cells and objective for each violating row, over the rows common to all.
        edge: the share of the common rows that lie on the boundary, after minus before.
        bails: the share of the repaired rows that CP-SAT had to repair; None where it is no question.
        compared, unlike: rows compared with the reference engine's, and how many of them differ.
    """

    set: str
    kind: str
    who: str
    trouble: str
    rows: int = 0
    rate: float | None = None
    violating_rate: float | None = None
    cpu: float = 0.0
    first: float = 0.0
    left: int = 0
    given: tuple[int, int, int] | None = None
    cells: float = 0.0
    price: float = 0.0
    edge: float = 0.0
    bails: float | None = None
    unproved: int = 0
    compared: int = 0
    unlike: int = 0


def lines(results: Results) -> list[Line]:
    """All contestants on all tables, in the order of the measurements."""
    return [_line(cell) for cell in results["cells"]]


def _line(cell: dict[str, Any]) -> Line:
    place = {key: cell[key] for key in ("set", "kind", "who", "trouble")}
    if "figures" not in cell:
        return Line(**place)
    figures, common = cell["figures"], cell["common"]
    repaired = max(common["violating_before"], 1)
    given = (len(cell["given"]), cell["given_before"], cell["given_left"]) if "given" in cell else None
    return Line(
        **place,
        rows=figures["rows"],
        rate=figures["rows"] / figures["seconds"],
        violating_rate=cell["violating"] / figures["seconds"],
        cpu=figures["cpu_seconds"] / figures["rows"] * 1e6,
        first=figures["first_call_seconds"],
        left=cell["left"],
        given=given,
        cells=common["cells"] / repaired,
        price=common["price"] / repaired,
        edge=(common["edge_after"] - common["edge_before"]) / max(common["rows"], 1),
        bails=_bails(cell["who"], figures.get("report")),
        unproved=figures.get("unproved", 0),
        compared=cell.get("compared", 0),
        unlike=cell.get("unlike", 0),
    )


def _bails(who: str, report: dict[str, Any] | None) -> float | None:
    if report is None or who == "cp-sat":
        return None
    by_engine = report["engine"]
    return by_engine.get("cp-sat", 0) / max(sum(by_engine.values()), 1)


def contestants(found: Sequence[Line]) -> list[str]:
    """Their names, in the order of the measurements."""
    return list(dict.fromkeys(line.who for line in found))


def of_set(found: Sequence[Line], name: str) -> list[Line]:
    """The lines of one rule set."""
    return [line for line in found if line.set == name]


def sets(found: Sequence[Line]) -> list[str]:
    """The rule sets that were measured."""
    return [name for name in RULE_SETS if of_set(found, name)]


def kinds(found: Sequence[Line]) -> list[str]:
    """The tables that were measured."""
    return [kind for kind in TABLES if any(line.kind == kind for line in found)]


def faster_peers(found: Sequence[Line]) -> Iterator[tuple[Line, Line]]:
    """Every peer that passed more rows a second than `auto`, with the line of `auto` beside it."""
    ours = {(line.set, line.kind): line for line in found if line.who == "auto"}
    for line in found:
        mine = ours.get((line.set, line.kind))
        if line.who in PEERS and mine and line.rate and mine.rate and line.rate > mine.rate:
            yield line, mine


def disagreeing(found: Sequence[Line]) -> list[Line]:
    """Our engines that made other rows than the reference engine somewhere."""
    return [line for line in found if line.who not in PEERS and line.unlike]
