"""The plan against the outcome: how many rows each combination of the planned columns was to get, and got."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from htdbu.evaluation.report.html import Heads, Part, count, details, el, join, marked, numbers, percent, table
from htdbu.evaluation.report.material import Material
from htdbu.evaluation.report.section import Section
from htdbu.solver.typed_cells import level_name

MOST_CELLS = 100
_SHOWN_AT_ONCE = 12


def build(material: Material) -> Markup | None:
    """The largest cells; nothing where no plan is known."""
    plan = [] if material.synthesis is None else sorted(material.synthesis["plan"], key=lambda cell: -cell["planned"])
    if not plan:
        return None
    kept = sum(cell["planned"] == cell["got"] for cell in plan)
    words = "The plan fixes how many rows each combination gets before anything is drawn: "
    words += f"{kept:,} of its {count(len(plan), 'cell')} got exactly what was planned."
    few = len(plan) <= MOST_CELLS
    summary = "All cells of the plan" if few else f"The {MOST_CELLS} largest cells of the plan"
    return join([el("p", words), details(summary, _table(plan[:MOST_CELLS]), shown=len(plan) <= _SHOWN_AT_ONCE)])


def _table(plan: list[Any]) -> Markup:
    names, rows = list(plan[0]["cell"]), sum(cell["got"] for cell in plan)
    heads: Heads = [*names, *numbers("Planned", "Got", "Share of real rows", "Share here")]
    lines = [
        [
            *(None if cell["cell"][name] is None else level_name(cell["cell"][name]) for name in names),
            count(cell["planned"]),
            _got(cell),
            percent(cell["real_share"]),
            percent(cell["got"] / rows if rows else None),
        ]
        for cell in plan
    ]
    return table("Plan against outcome", heads, lines, row_heads=False)


def _got(cell: Mapping[str, Any]) -> Part:
    return count(cell["got"]) if cell["got"] == cell["planned"] else marked(count(cell["got"]), "mixed")


SECTION = Section("plan", "Plan", build, lambda _: "Plan against outcome")
