"""`htdbu check`: how often the rows of a table break the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from htdbu.cli.errors import FINDINGS, WELL
from htdbu.cli.options import WithExample, data_options, format_option

if TYPE_CHECKING:
    from pandas import DataFrame

    from htdbu.compiler.program import Program

EXAMPLE = """\
htdbu check loans.htr loans.csv
htdbu check loans.htr loans.parquet --rows broken.csv --format json
"""


@click.command(cls=WithExample, epilog=EXAMPLE)
@click.argument("rules")
@click.argument("data")
@click.option(
    "--rows", "rows_file", metavar="OUT", help="Write one line per failing row and rule, with the key and the cells."
)
@click.option("--real", metavar="FILE", help="The real data, which targets `~ real` are measured against.")
@data_options
@format_option()
def command(
    rules: str,
    data: str,
    rows_file: str | None,
    real: str | None,
    params: dict[str, str],
    nulls: tuple[str, ...],
    delimiter: str | None,
    style: str,
) -> int:
    """Measure how often the rows of DATA break each of the RULES.

    Ends with exit code 1 when a row breaks a hard rule; soft rules and targets that are not met are reported only.
    """
    from htdbu.cli.inputs import load_program, read_frame, read_table
    from htdbu.cli.screen import Screen
    from htdbu.cli.views import show_check
    from htdbu.cli.writing import Outputs, check_outputs
    from htdbu.solver import check

    check_outputs([], tables=[rows_file], kept=[data, real])
    program = load_program(rules, params)
    table = read_table(data, delimiter)
    report = check(program, table.frame, real=read_frame(real, delimiter), nulls=nulls)
    if rows_file is not None:
        with Outputs() as outputs:
            outputs.table(rows_file, failing_rows(program, table.frame, report.rows))
    screen = Screen(errors=rows_file == "-")
    if style == "json":
        screen.json(report.to_dict())
    else:
        show_check(screen, report.to_dict(), data)
    return FINDINGS if report.hard_violations else WELL


def failing_rows(program: Program, frame: DataFrame, rows: DataFrame) -> DataFrame:
    """One line per failing row and rule: the row's number, its key columns, the rule and the cells it looks at."""
    keys = [column.header for column in program.columns if column.key and column.header in frame.columns]
    lines = rows.copy()
    for position, key in enumerate(keys, start=1):
        lines.insert(position, key, frame[key].to_numpy()[rows["row"].to_numpy(dtype=int)])
    return lines
