"""`htdbu fit`: learn a table once, for any rules."""

from __future__ import annotations

import click

from htdbu.cli.errors import WELL
from htdbu.cli.options import (
    WithExample,
    delimiter_option,
    format_option,
    null_option,
    seed_option,
    setting_option,
    threads_option,
)

EXAMPLE = """\
htdbu fit loans.csv -o loans.model --rules loans.htr
htdbu synthesize loans.htr --model loans.model -n 10000 -o synthetic.csv
"""


@click.command(cls=WithExample, epilog=EXAMPLE)
@click.argument("real")
@click.option("-o", "--output", metavar="MODEL", required=True, help="Where the model goes.")
@click.option(
    "--rules",
    metavar="RULES",
    multiple=True,
    help="Rules that are known already: they say what the columns are, and what they ask for is trained now. "
    "May be repeated.",
)
@click.option("--generator", metavar="NAME", help="What learns the texture; bits by default.")
@setting_option
@click.option(
    "--allow-unique-values", is_flag=True, help="Let numbers and dates be drawn that one real row alone holds."
)
@null_option
@delimiter_option
@seed_option
@threads_option
@format_option()
def command(
    real: str,
    output: str,
    rules: tuple[str, ...],
    generator: str | None,
    settings: dict[str, str],
    allow_unique_values: bool,
    nulls: tuple[str, ...],
    delimiter: str | None,
    seed: int,
    threads: int | None,
    style: str,
) -> int:
    """Learn the texture of REAL once, for `synthesize --model` with these RULES or any others.

    The file holds all rows of REAL: keep it as safe as these.
    """
    from htdbu.cli.inputs import load_program, read_table
    from htdbu.cli.model_layout import told
    from htdbu.cli.screen import Screen
    from htdbu.cli.steps import fit_model
    from htdbu.cli.views import show_fit
    from htdbu.cli.writing import Outputs, check_outputs

    check_outputs([output], kept=[real, *rules])
    programs = [load_program(path, {}) for path in rules]
    table = read_table(real, delimiter)
    model = fit_model(
        programs,
        table.frame,
        generator=generator,
        settings=settings,
        allow_unique=allow_unique_values,
        seed=seed,
        threads=threads,
        nulls=nulls,
        layout=told(table.layout),
    )
    content = model.to_bytes()
    with Outputs() as outputs:
        outputs.bytes(output, content)
    screen = Screen(errors=output == "-")
    report = {**model.to_dict(), "bytes": len(content)}
    if style == "json":
        screen.json(report)
    else:
        show_fit(screen, report, output)
    return WELL
