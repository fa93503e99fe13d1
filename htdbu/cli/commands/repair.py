"""`htdbu repair`: every row as the nearest one that breaks no hard rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from htdbu.cli.errors import FINDINGS, WELL
from htdbu.cli.options import WithExample, data_options, effort_option, format_option, pool_option, threads_option

if TYPE_CHECKING:
    from pandas import DataFrame

    from htdbu.cli.screen import Screen
    from htdbu.solver import RowStory
    from htdbu.solver.repair_report import RepairReport

EXAMPLE = """\
htdbu repair loans.htr loans.csv -o repaired.csv --changes changes.csv
htdbu repair loans.htr loans.csv --explain 17
"""


@click.command(cls=WithExample, epilog=EXAMPLE)
@click.argument("rules")
@click.argument("data")
@click.option("-o", "--output", metavar="OUT", help="Where the repaired table goes; - for stdout.")
@click.option("--changes", metavar="FILE", help="Write every changed cell, before and after, with the rules.")
@click.option(
    "--explain",
    metavar="ROW",
    type=int,
    help="Tell the story of one row, numbered from 0, and write nothing: what it breaks, what changes and why.",
)
@click.option(
    "--engine",
    type=click.Choice(["auto", "table", "compiled", "cp-sat"]),
    default="auto",
    show_default=True,
    help="What searches for the nearest row first; every engine finds the same one.",
)
@click.option("--targets", is_flag=True, help="Meet the targets too; the whole table is chosen at once.")
@click.option("--real", metavar="FILE", help="With --targets: the real data, which targets `~ real` compare with.")
@effort_option("Bound on CP-SAT's deterministic time per component, the same on every machine.")
@data_options
@pool_option
@threads_option
@format_option()
def command(
    rules: str,
    data: str,
    output: str | None,
    changes: str | None,
    explain: int | None,
    engine: str,
    targets: bool,
    real: str | None,
    effort: float | None,
    params: dict[str, str],
    nulls: tuple[str, ...],
    delimiter: str | None,
    pools: dict[str, str],
    threads: int | None,
    style: str,
) -> int:
    """Write DATA with every row changed to the nearest one that breaks none of the hard RULES, or explain one row.

    Cells that nothing changes are written as they were read. Ends with exit code 1 when a row could not be repaired;
    the table is written all the same, with that row as it was. Rows that clash with one another (`key`, `unique`, `fd`)
    are mended together. With --targets more rows are changed, so that the table meets the targets of the rules at the
    least price; a target that is not met ends with exit code 1 as well.
    """
    from htdbu.cli.declared_types import DeclaredTypes
    from htdbu.cli.inputs import load_program, read_frame, read_pools, read_table
    from htdbu.cli.progress import progress_bar
    from htdbu.cli.repairing import write_repair
    from htdbu.cli.screen import Screen
    from htdbu.cli.sources import open_source
    from htdbu.cli.temporary import folder_for
    from htdbu.cli.views import MOST_ROWS
    from htdbu.cli.writing import Outputs, check_outputs
    from htdbu.solver import explain_row, repair
    from htdbu.solver.streaming import repair_pieces

    _check_asked(output, changes, explain, targets, real)
    check_outputs([], tables=[output, changes], kept=[rules, real, *pools.values()])
    program = load_program(rules, params)
    if explain is not None:
        frame = read_table(data, delimiter).frame
        texts = read_pools(pools)
        story = explain_row(program, frame, explain, engine, effort, threads, nulls=nulls, pools=texts)
        return _tell(story, data, style)
    assert output is not None
    screen = Screen(errors="-" in (output, changes))
    declared = DeclaredTypes(program, nulls)
    if targets:
        table = read_table(data, delimiter)
        texts = read_pools(pools)
        with progress_bar("repairing") as progress:
            result = repair(
                program,
                table.frame,
                engine=engine,
                effort=effort,
                threads=threads,
                nulls=nulls,
                progress=progress,
                pools=texts,
                targets=True,
                real=read_frame(real, delimiter),
            )
        with Outputs() as outputs:
            outputs.table(output, result.data, table.layout, declared)
            if changes is not None:
                outputs.table(changes, result.changes)
        return _show(screen, style, result.report, result.unrepaired, output)
    with open_source(data, delimiter) as source:
        texts = read_pools(pools)
        with progress_bar("repairing") as bar:
            streamed = repair_pieces(
                program,
                source,
                engine=engine,
                effort=effort,
                threads=threads,
                nulls=nulls,
                progress=None if bar is None else lambda done: bar(done, source.expected_rows()),
                pools=texts,
                folder=folder_for(output),
            )
        with streamed, progress_bar("writing") as bar:
            unrepaired = write_repair(streamed, source, output, changes, declared, bar, MOST_ROWS)
    return _show(screen, style, streamed.report, unrepaired, output)


def _show(screen: Screen, style: str, report: RepairReport, unrepaired: DataFrame, output: str) -> int:
    """Show the figures of a repair; its exit code."""
    from htdbu.cli.views import show_repair

    if style == "json":
        screen.json(report.to_dict())
    else:
        show_repair(screen, report, unrepaired, output)
    return FINDINGS if report.unrepaired or report.unmet else WELL


def _check_asked(output: str | None, changes: str | None, explain: int | None, targets: bool, real: str | None) -> None:
    """Refuse a call that asks for a table and a story at once, or for neither, or for what only targets need.

    Raises:
        click.UsageError: which says so.
    """
    if explain is not None and (output is not None or changes is not None):
        named = "-o" if output is not None else "--changes"
        raise click.UsageError(f"--explain writes no table: leave out {named}, or --explain")
    if real is not None and not targets:
        raise click.UsageError("--real is for targets: add --targets")
    if explain is not None and targets:
        raise click.UsageError("--explain tells of one row, --targets are about the table: leave out one of them")
    if explain is None and output is None:
        raise click.UsageError("nothing says where the repaired table goes: give -o OUT, or --explain ROW for one row")


def _tell(story: RowStory, name: str, style: str) -> int:
    """Show the story of one row; its exit code is that of a repair of the row alone."""
    from htdbu.cli.screen import Screen
    from htdbu.cli.story_view import show_story

    screen = Screen()
    if style == "json":
        screen.json(story.to_dict())
    else:
        show_story(screen, story, name)
    return FINDINGS if story.price is None else WELL
