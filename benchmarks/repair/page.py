"""The page, from the results: prose from the template beside this file, tables and findings from the figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.pages import rendered
from benchmarks.repair.contestants import timing
from benchmarks.repair.contestants.naive import LIMIT
from benchmarks.repair.figures import TABLES, Line, Results, contestants, disagreeing, faster_peers, kinds, lines
from benchmarks.repair.figures import of_set as lines_of
from benchmarks.repair.figures import sets as sets_of
from benchmarks.repair.measure import LAYER, LEARN, NAIVE, REFERENCE
from benchmarks.repair.plot import Panel, picture
from benchmarks.repair.rule_sets import RULE_SETS

TEMPLATE = Path(__file__).with_name("page.md.jinja")
SMALLER = {LAYER: f"{LAYER} (some of the rules, not exact)"}
"""What the picture says of those that solve a smaller problem."""
HEAD = (
    "table|by|rows|rows/s|violating rows/s|CPU s / 1 M rows|first call s|left|cells a violating row|"
    "price a violating row|edge|to CP-SAT"
)


def page(results: Results) -> str:
    """The page as Markdown."""
    found = lines(results)
    text = rendered(
        TEMPLATE,
        machine=results["machine"],
        packages=", ".join(f"{name} {number}" for name, number in results["machine"]["packages"].items()),
        summary=summary(found),
        agreement=agreement(found),
        limit=f"{LIMIT:g}",
        given=_given(found),
        first_rows=timing.FIRST,
        runs=timing.RUNS,
        sets=[_set(found, name) for name in sets_of(found)],
        cold=cold(results),
        alone=alone(results),
        learn=f"{LEARN:,}",
        generated=generated(results),
        losses=losses(found),
    )
    return re.sub(r"\n{3,}", "\n\n", text).rstrip() + "\n"


def svg(results: Results) -> str:
    """The picture."""
    found = lines(results)
    names, tables = contestants(found), kinds(found)
    panels = [
        Panel(
            f"{name}: {RULE_SETS[name].says}",
            {SMALLER.get(who, who): _rates(lines_of(found, name), who, tables) for who in names},
        )
        for name in sets_of(found)
    ]
    return picture(panels, [TABLES[kind] for kind in tables], "Rows a second, by rule set and table")


def _rates(found: Sequence[Line], who: str, tables: Sequence[str]) -> list[float | None]:
    rates = {line.kind: line.rate for line in found if line.who == who}
    return [rates.get(kind) for kind in tables]


def summary(found: Sequence[Line]) -> str:
    """Rows a second: a line a table, a column a contestant."""
    names = contestants(found)
    rates = {(line.set, line.kind, line.who): line for line in found}
    rows = [
        [RULE_SETS[name].name, TABLES[kind], *(_rate(rates.get((name, kind, who))) for who in names)]
        for name in sets_of(found)
        for kind in kinds(found)
    ]
    return markdown(["rules", "violating", *names], rows, "ll")


def _rate(line: Line | None) -> str:
    if line is None:
        return ""
    return rounded(line.rate) if line.rate else line.trouble


def agreement(found: Sequence[Line]) -> str:
    """Whether our engines made the same rows, and whether naive CP-SAT came to the same price."""
    same = [line for line in found if line.who == NAIVE and line.rate and not line.unproved]
    ours = {(line.set, line.kind): line.price for line in found if line.who == REFERENCE}
    equal = sum(line.price == ours.get((line.set, line.kind)) for line in same)
    naive = f"Naive CP-SAT proved all its rows on {len(same)} tables, and came to our price on {equal} of them."
    return f"{_agreement(found)} {naive}" if same else _agreement(found)


def _agreement(found: Sequence[Line]) -> str:
    wrong = disagreeing(found)
    compared = sum(line.compared for line in found if line.bails is not None)
    if wrong:
        places = ", ".join(f"{line.who} on {line.set} {TABLES[line.kind]} ({line.unlike:,} rows)" for line in wrong)
        return f"**Our engines did not agree with `cp-sat`, which is a mistake: {places}.**"
    if not compared:
        return "No other engine of ours was compared with `cp-sat`."
    return f"All our engines made the very rows that `cp-sat` made, in all {compared:,} rows that both repaired."


def _given(found: Sequence[Line]) -> str:
    counts = {line.set: line.given[0] for line in found if line.given}
    parts = [f"{count} of {len(RULE_SETS[name].program.rules)} in {name}" for name, count in counts.items()]
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts) or "none here"


def _set(found: Sequence[Line], name: str) -> dict[str, Any]:
    rule_set = RULE_SETS[name]
    mine = lines_of(found, name)
    edge = f"rows on the boundary of {rule_set.boundary.rule}"
    if len(rule_set.boundary.condition) < 60:
        edge += f", `{rule_set.boundary.condition}`"
    return {
        "title": f"{name}: {rule_set.says}",
        "edge": edge,
        "table": markdown(HEAD.split("|"), [_detail(line) for line in mine], "ll"),
        "notes": list(_notes(mine)),
    }


def _detail(line: Line) -> list[str]:
    if line.rate is None:
        return [TABLES[line.kind], line.who, line.trouble, *[""] * 9]
    return [
        TABLES[line.kind],
        line.who,
        f"{line.rows:,}",
        rounded(line.rate),
        rounded(line.violating_rate or 0),
        f"{line.cpu:,.2f}",
        f"{line.first:.2f}",
        f"{line.left:,}",
        f"{line.cells:.3f}",
        f"{line.price:.3f}",
        f"{100 * line.edge:+.2f} %",
        "" if line.bails is None else f"{100 * line.bails:.2f} %",
    ]


def _notes(found: Sequence[Line]) -> Iterable[str]:
    """What the table cannot say."""
    for line in found:
        where = TABLES[line.kind]
        if line.given:
            count, before, after = line.given
            yield (
                f"{where}: of {line.rows:,} rows {before:,} broke one of the {count} rules that {LAYER} was given, and "
                f"{after:,} still did afterwards."
            )
        if line.unproved:
            yield f"{where}: {line.unproved:,} rows of {line.who} have no proof after {LIMIT:g} s."


def cold(results: Results) -> str:
    """The first call ever."""
    rows = []
    for cell in results["cold"]:
        figures = cell["figures"]
        rows.append([cell["who"], f"{figures['first_call_seconds']:.2f}" if figures else cell["trouble"]])
    return markdown(["engine", "first call ever, s"], rows, "l")


def alone(results: Results) -> str:
    """The search by itself."""
    rows = []
    for cell in results["alone"]:
        figures = cell["figures"]
        shown = [cell["trouble"], "", ""]
        if figures:
            rate = rounded(figures["rows"] / figures["seconds"])
            shown = [rate, f"{figures['rows']:,}", f"{figures['first_call_seconds']:.2f}"]
        rows.append([cell["set"], TABLES[cell["kind"]], cell["who"], *shown])
    return markdown(["rules", "table", "engine", "problems/s", "problems", "first call s"], rows, "lll")


def generated(results: Results) -> str:
    """What SDV made."""
    rows = []
    for cell in results["generated"]:
        if "figures" not in cell:
            rows.append([cell["set"], cell["trouble"], *[""] * 7])
            continue
        figures = cell["figures"]
        edge = f"{100 * cell['edge_real']:.2f} %, {100 * cell['edge_made']:.2f} %" if "edge_made" in cell else ""
        rows.append(
            [
                cell["set"],
                f"{figures['setup_seconds']:.1f}",
                f"{figures['rows']:,}",
                f"{figures['delivered']:,}",
                rounded(figures["delivered"] / figures["seconds"]),
                f"{100 * figures['kept'] / max(figures['drawn'], 1):.1f} %",
                f"{cell['left']:,}",
                edge,
                _thinned(cell.get("thinned")),
            ]
        )
    head = "rules|learning s|rows asked for|delivered|rows/s|kept|left|edge, data and new|thinned"
    return markdown(head.split("|"), rows, "l") if rows else "Not measured."


def _thinned(found: dict[str, Any] | None) -> str:
    if not found or not found["level"]:
        return ""
    return f"{found['level']}: {100 * found['before']:.1f} % to {100 * found['after']:.1f} %"


def losses(found: Sequence[Line]) -> list[str]:
    """Where a peer is better, and where ours is bad by its own measure."""
    said = []
    for peer, mine in faster_peers(found):
        factor = (peer.rate or 0) / (mine.rate or 1)
        said.append(
            f"{peer.who} passes {rounded(factor)} times as many rows a second as `auto` on {peer.set}, "
            f"{TABLES[peer.kind]}; it left {100 * peer.left / peer.rows:.1f} % of the rows violating, `auto` "
            f"{100 * mine.left / mine.rows:.1f} %."
        )
    ours = [line for line in found if line.who == "auto" and line.rate]
    return said + list(_weak_spots(ours)) if ours else said


def _weak_spots(ours: Sequence[Line]) -> Iterator[str]:
    """The worst figures of `auto`."""
    slowest = min(ours, key=lambda line: line.rate or 0)
    yield f"`auto` is slowest on {_place(slowest)}: {rounded(slowest.rate or 0)} rows/s."
    first = max(ours, key=lambda line: line.first)
    yield f"The first call of `auto` took up to {first.first:.2f} s, for {timing.FIRST} rows ({_place(first)})."
    bails = max(ours, key=lambda line: line.bails or 0)
    if bails.bails:
        yield f"Up to {100 * bails.bails:.2f} % of the repaired rows needed CP-SAT ({_place(bails)})."
    edge = max(ours, key=lambda line: line.edge)
    yield (
        f"Nearest repairs lie on edges: {100 * edge.edge:.2f} % of all rows moved onto the one boundary that is "
        f"counted ({_place(edge)}). A table that is to look real is better drawn anew: `htdbu synthesize` redraws "
        "what breaks a rule, and repairs only what is left."
    )


def _place(line: Line) -> str:
    return f"{line.set}, {TABLES[line.kind]}"


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]], left: str) -> str:
    """A table; the first columns are left-aligned, as many as `left` is long."""
    rule = ["---" if k < len(left) else "---:" for k in range(len(head))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *rows))


def rounded(value: float) -> str:
    """A number to three digits."""
    if value <= 0:
        return "0"
    digits = 2
    while 10 ** (3 - digits) <= value and digits > -12:
        digits -= 1
    return f"{round(value, digits):,.{max(digits, 0)}f}"
