"""The figures of several pieces as those of the whole table."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from htdbu.compiler.program import Program
from htdbu.solver.redraw import Lacking, lack_warnings
from htdbu.solver.repair import cold_warnings
from htdbu.solver.repair_report import RepairReport, make_report
from htdbu.solver.streaming.draft import Draft


def report_of(program: Program, drafts: Iterable[Draft], seconds: float) -> RepairReport:
    """The report of a table whose settled pieces these are; there is at least one."""
    lacking: Lacking = {}
    cold: dict[str, None] = {}
    reports = []
    for draft in drafts:
        reports.append(make_report(program, draft.n_rows, draft.outcome, draft.found, draft.left, draft.price, 0.0, ()))
        cold |= dict.fromkeys(draft.outcome.cold)
        for i, labels in draft.lacking.items():
            own = lacking.setdefault(i, {})
            for label, count in labels.items():
                own[label] = own.get(label, 0) + count
    return _total(program, reports, seconds, (*lack_warnings(program, lacking), *cold_warnings(cold)))


def _total(program: Program, reports: list[RepairReport], seconds: float, warnings: tuple[str, ...]) -> RepairReport:
    columns = {column.name: sum(each.columns.get(column.name, 0) for each in reports) for column in program.columns}
    return RepairReport(
        rows=sum(each.rows for each in reports),
        violating_before=sum(each.violating_before for each in reports),
        violating_after=sum(each.violating_after for each in reports),
        repaired=sum(each.repaired for each in reports),
        unrepaired=sum(each.unrepaired for each in reports),
        optimal=sum(each.optimal for each in reports),
        feasible=sum(each.feasible for each in reports),
        changed_cells=sum(each.changed_cells for each in reports),
        objective=sum((each.objective for each in reports), Fraction(0)),
        columns={name: count for name, count in columns.items() if count},
        engine={name: sum(each.engine[name] for each in reports) for name in reports[0].engine},
        seconds=seconds,
        warnings=warnings,
    )
