"""The targets of a program met by a table that is already repaired."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from htdbu.compiler.lowering import normalise
from htdbu.compiler.program import Program
from htdbu.solver.engine import AUTO
from htdbu.solver.selection.aim import Aim
from htdbu.solver.selection.amount import AmountAim, fits
from htdbu.solver.selection.candidates import Search, all_moves, classes, held_columns
from htdbu.solver.selection.choice import Choice, choose
from htdbu.solver.selection.dist import DistAim, wanted_shares
from htdbu.solver.selection.model import Task
from htdbu.solver.selection.order import OrderAim
from htdbu.solver.selection.prices import RowPrices
from htdbu.solver.selection.refine import refined
from htdbu.solver.selection.share import ShareAim
from htdbu.solver.selection.writing import written
from htdbu.solver.table import EncodedTable
from htdbu.solver.table_repair import TableRepair
from htdbu.solver.targets import measure_targets


@dataclass(frozen=True)
class Met:
    """A repair that meets targets as far as it could, and what a user should know of that."""

    outcome: TableRepair
    warnings: tuple[str, ...] = ()


def meet_targets(
    program: Program,
    before: EncodedTable,
    base: TableRepair,
    real: EncodedTable | None = None,
    engine: str = AUTO,
    effort: float | None = None,
    threads: int | None = None,
    held: Collection[int] = (),
) -> Met:
    """Change more rows, so that every target is met that can be, at the least price that the candidates allow.

    Args:
        before: the rows as the data have them.
        base: their repair, row by row.
        real: the real rows, for targets `~ real`, which are not judged without them.
        held: columns that stay as they are, beside those that rules over several rows read.
    """
    judged = measure_targets(program, base.table, real)
    missing = tuple(f"target `{one.name}` needs the real rows and is not judged" for one in judged if one.met is None)
    if all(one.met is not False for one in judged):
        return Met(base, missing)
    aims = tuple(aim for aim in aims_of(program, real) if fits(aim, base.table))
    if not aims or not before.n_rows:
        return Met(base, missing)
    normal = normalise(program)
    pricing = RowPrices(normal)
    prices = pricing.of(before, base.table)
    search = Search(normal, before, base, pricing, prices, engine, effort, threads, held_columns(program).union(held))
    totals = tuple(aim.totals(aim.state(base.table)) for aim in aims)
    conditions, joint = classes(aims, totals, before.n_rows)
    moves, every = all_moves(search, aims, conditions)
    choice = choose(refined(search, Task(aims, totals, before.n_rows, moves), conditions))
    exact = choice.proved and joint and every and all(aim.exact for aim in aims) and not search.held
    outcome = written(search, choice, conditions)
    return Met(outcome, (*missing, *_notes(choice, exact)))


def aims_of(program: Program, real: EncodedTable | None) -> list[Aim]:
    """The targets that can be asked for."""
    normal = normalise(program)
    kinds: dict[str, type[Aim]] = {"share": ShareAim, "dist": DistAim, "mean": AmountAim, "sum": AmountAim}
    found: list[Aim] = []
    for target, lowered in zip(program.targets, normal.targets, strict=True):
        if target.real and real is None:
            continue
        aim = kinds.get(target.measure, OrderAim)(program, normal, target, lowered)
        if isinstance(aim, DistAim):
            aim = replace(aim, shares=wanted_shares(aim, real))
            if not aim.shares:
                continue
        found.append(aim)
    return found


def _notes(choice: Choice, exact: bool) -> Sequence[str]:
    """What a user should know of a choice."""
    notes = [f"target `{name}` could not be met together with those before it" for name in choice.given_up]
    if choice.chosen.size and not exact:
        notes.append("the rows changed for targets are valid, but not proved to be the cheapest")
    return notes
