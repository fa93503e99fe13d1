"""`htdbu check`: how often the rows of a table break the rules."""

from __future__ import annotations

import click

from htdbu.cli.errors import FINDINGS, WELL
from htdbu.cli.options import WithExample, data_options, format_option

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
    from contextlib import ExitStack

    from htdbu.cli.checking import write_rows
    from htdbu.cli.inputs import load_program
    from htdbu.cli.progress import progress_bar
    from htdbu.cli.screen import Screen
    from htdbu.cli.sources import open_source
    from htdbu.cli.views import show_check
    from htdbu.cli.writing import check_outputs
    from htdbu.solver.streaming import check_pieces

    check_outputs([], tables=[rows_file], kept=[rules, data, real])
    program = load_program(rules, params)
    with ExitStack() as files:
        source = files.enter_context(open_source(data, delimiter))
        against = None if real is None else files.enter_context(open_source(real, delimiter))
        with progress_bar("checking") as bar:
            progress = None if bar is None else lambda done: bar(done, source.expected_rows())
            checked = files.enter_context(check_pieces(program, source, against, nulls, progress=progress))
        if rows_file is not None:
            write_rows(program, checked, source, rows_file)
    screen = Screen(errors=rows_file == "-")
    report = checked.figures.to_dict()
    if style == "json":
        screen.json(report)
    else:
        show_check(screen, report, data)
    return FINDINGS if checked.figures.hard_violations else WELL
