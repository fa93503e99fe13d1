"""`htdbu synthesize`: new rows that look like the real ones and break no hard rule."""

from __future__ import annotations

import click

from htdbu.cli.errors import WELL
from htdbu.cli.options import (
    WithExample,
    data_options,
    format_option,
    pool_option,
    seed_option,
    setting_option,
    show_real_option,
    threads_option,
)

EXAMPLE = """\
htdbu synthesize loans.htr loans.csv -n 10000 -o synthetic.csv
htdbu synthesize loans.htr loans.csv -n 10000 -o synthetic.parquet --generator random-forest \\
  --seed 42 --report report.html --target defaulted
htdbu synthesize loans.htr --model loans.model -n 10000 -o synthetic.csv
"""


@click.command(cls=WithExample, epilog=EXAMPLE)
@click.argument("rules")
@click.argument("real", required=False)
@click.option("-n", "n", metavar="N", type=click.IntRange(min=0), required=True, help="How many rows to write.")
@click.option("-o", "--output", metavar="OUT", required=True, help="Where the rows go; - for standard output.")
@click.option("--model", metavar="MODEL", help="What `htdbu fit` has learned, in the place of REAL.")
@click.option("--generator", metavar="NAME", help="What learns the texture; bits by default.")
@setting_option
@click.option(
    "--select/--no-select",
    "select",
    default=True,
    help="Draw five times the rows and keep those that together look most like the real ones (on by default).",
)
@click.option("--allow-unique-values", is_flag=True, help="Draw numbers and dates too that one real row alone holds.")
@click.option(
    "--no-copies", is_flag=True, help="Write no row that equals a real row which is the only one of its kind."
)
@click.option(
    "--max-dcr-share",
    metavar="S",
    type=click.FloatRange(0.5, 1),
    help="At most this share of the rows nearer to the real rows learned from than to unseen ones.",
)
@click.option("--report", metavar="R.html", help="Measure the rows against the real ones and write a report.")
@click.option("--target", metavar="COL", help="The column a model learns to predict in that report.")
@show_real_option
@data_options
@pool_option
@seed_option
@threads_option
@format_option()
def command(
    rules: str,
    real: str | None,
    n: int,
    output: str,
    model: str | None,
    generator: str | None,
    settings: dict[str, str],
    select: bool,
    allow_unique_values: bool,
    no_copies: bool,
    max_dcr_share: float | None,
    report: str | None,
    target: str | None,
    show_real: bool,
    params: dict[str, str],
    nulls: tuple[str, ...],
    delimiter: str | None,
    pools: dict[str, str],
    seed: int,
    threads: int | None,
    style: str,
) -> int:
    """Write N rows that look like those of REAL, or of a MODEL, and break none of the hard RULES."""
    from htdbu.cli.declared_types import DeclaredTypes
    from htdbu.cli.inputs import load_program, read_pools
    from htdbu.cli.learned import learned_rows
    from htdbu.cli.screen import Screen
    from htdbu.cli.steps import make_rows, measure, report_page, target_column
    from htdbu.cli.views import show_synthesis
    from htdbu.cli.writing import Outputs, check_outputs

    check_outputs([report], tables=[output], kept=[rules, real, model, *pools.values()])
    program = load_program(rules, params)
    if report is not None:
        target = target_column(program, target)
    settled = {
        "--generator": generator,
        "--set": settings or None,
        "--allow-unique-values": allow_unique_values,
        "--max-dcr-share": max_dcr_share,
    }
    learned = learned_rows(real, model, delimiter=delimiter, threads=threads, settled=settled)
    nulls = (*learned.nulls, *nulls)
    texts = read_pools(pools)
    result = make_rows(
        program,
        learned.source,
        n,
        generator=generator,
        settings=settings,
        select=select,
        allow_unique=allow_unique_values,
        no_copies=no_copies,
        max_dcr_share=max_dcr_share,
        seed=seed,
        threads=threads,
        nulls=nulls,
        pools=texts,
    )
    told = result.report.to_dict()
    with Outputs() as outputs:
        outputs.table(output, result.data, learned.layout, DeclaredTypes(program, nulls))
        if report is not None:
            before = told["raw_violations"]
            scores = measure(program, learned.frame, result.data, target, seed=seed, nulls=nulls, raw_violations=before)
            page = report_page(
                program, rules, learned.frame, result.data, scores, synthesis=told, nulls=nulls, show_real=show_real
            )
            outputs.text(report, page)
    screen = Screen(errors="-" in (output, report))
    if style == "json":
        screen.json(told)
    else:
        written = [path for path in (output, report) if path is not None]
        show_synthesis(screen, told, *written, from_model=model is not None)
    return WELL
