"""`htdbu evaluate`: synthetic rows measured against real ones."""

from __future__ import annotations

import click

from htdbu.cli.errors import WELL
from htdbu.cli.options import WithExample, data_options, format_option, seed_option, show_real_option

EXAMPLE = """\
htdbu evaluate loans.htr --real loans.csv --synthetic synthetic.csv --target defaulted
htdbu evaluate loans.htr --real train.csv --test test.csv --synthetic synthetic.csv \\
  --target defaulted --joint defaulted,sentiment,job --report report.html
"""


def _names(ctx: click.Context, option: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    """The names between commas."""
    return None if value is None else tuple(name.strip() for name in value.split(","))


@click.command(cls=WithExample, epilog=EXAMPLE)
@click.argument("rules")
@click.option("--real", metavar="R", required=True, help="The real rows that the synthetic ones were made from.")
@click.option("--synthetic", metavar="S", required=True, help="The rows to measure.")
@click.option("--test", metavar="T", help="Real rows that no generator saw; by default a part of the real ones.")
@click.option("--target", metavar="COL", help="The column a model learns to predict; else the first factor.")
@click.option(
    "--joint",
    metavar="A,B,…",
    callback=_names,
    help="Two or more columns for XModal; else the target and the sentiment, or what its factor speaks of.",
)
@click.option(
    "--synthesis",
    metavar="J.json",
    help="What `synthesize --format json` said of the rows: adds the violations before any rule was enforced.",
)
@click.option("--report", metavar="R.html", help="Write a report, one file that needs no other.")
@show_real_option
@data_options
@seed_option
@format_option()
def command(
    rules: str,
    real: str,
    synthetic: str,
    test: str | None,
    target: str | None,
    joint: tuple[str, ...] | None,
    synthesis: str | None,
    report: str | None,
    show_real: bool,
    params: dict[str, str],
    nulls: tuple[str, ...],
    delimiter: str | None,
    seed: int,
    style: str,
) -> int:
    """Measure synthetic rows against real ones: what a model learns from them, rules, likeness, closeness."""
    from htdbu.cli.inputs import load_program, read_frame, read_synthesis, read_table
    from htdbu.cli.scores_view import show_scores
    from htdbu.cli.screen import Screen
    from htdbu.cli.steps import measure, report_page
    from htdbu.cli.writing import Outputs, check_outputs

    check_outputs([report], kept=[rules, real, synthetic, test, synthesis])
    program = load_program(rules, params)
    real_rows = read_table(real, delimiter).frame
    rows = read_table(synthetic, delimiter).frame
    held_out = read_frame(test, delimiter)
    made = read_synthesis(synthesis)
    before = None if made is None else made["raw_violations"]
    scores = measure(
        program, real_rows, rows, target, test=held_out, seed=seed, nulls=nulls, raw_violations=before, joint=joint
    )
    if report is not None:
        with Outputs() as outputs:
            page = report_page(
                program, rules, real_rows, rows, scores, synthesis=made, nulls=nulls, show_real=show_real
            )
            outputs.text(report, page)
    screen = Screen(errors=report == "-")
    if style == "json":
        screen.json(scores.to_dict())
    else:
        show_scores(screen, scores.to_dict(), report)
    return WELL
