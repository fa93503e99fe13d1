"""`htdbu repair`: every row as the nearest one that breaks no hard rule."""

from __future__ import annotations

import click

from htdbu.cli.errors import FINDINGS, WELL
from htdbu.cli.options import WithExample, data_options, effort_option, format_option, pool_option, threads_option

EXAMPLE = """\
htdbu repair loans.htr loans.csv -o repaired.csv --changes changes.csv
"""


@click.command(cls=WithExample, epilog=EXAMPLE)
@click.argument("rules")
@click.argument("data")
@click.option("-o", "--output", metavar="OUT", required=True, help="Where the repaired table goes; - for stdout.")
@click.option("--changes", metavar="FILE", help="Write every changed cell, before and after, with the rules.")
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
    output: str,
    changes: str | None,
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
    """Write DATA with every row changed to the nearest one that breaks none of the hard RULES.

    Cells that nothing changes are written as they were read. Ends with exit code 1 when a row could not be repaired;
    the table is written all the same, with that row as it was. Rows that break a rule over several rows (`key`,
    `unique`, `fd`) are not mended yet, and count as such. With --targets more rows are changed, so that the table meets
    the targets of the rules at the least price; a target that is not met ends with exit code 1 as well.
    """
    from htdbu.cli.inputs import load_program, read_frame, read_table
    from htdbu.cli.progress import progress_bar
    from htdbu.cli.screen import Screen
    from htdbu.cli.views import show_repair
    from htdbu.cli.writing import Outputs, check_outputs
    from htdbu.errors import UsageError
    from htdbu.solver import repair

    if real is not None and not targets:
        raise UsageError("--real is for targets", "add --targets")
    check_outputs([], tables=[output, changes], kept=[real])
    program = load_program(rules, params)
    table = read_table(data, delimiter)
    texts = {name: read_table(path, None).frame for name, path in pools.items()}
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
            targets=targets,
            real=read_frame(real, delimiter),
        )
    with Outputs() as outputs:
        outputs.table(output, result.data, table.layout)
        if changes is not None:
            outputs.table(changes, result.changes)
    screen = Screen(errors="-" in (output, changes))
    if style == "json":
        screen.json(result.report.to_dict())
    else:
        show_repair(screen, result, output)
    return FINDINGS if len(result.unrepaired) or result.report.unmet else WELL
