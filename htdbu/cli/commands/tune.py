"""`htdbu tune`: the feedback loop."""

from __future__ import annotations

import click

from htdbu.cli.errors import FINDINGS, WELL
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
htdbu tune loans.htr loans.csv -n 10000 -o synthetic.csv
htdbu tune loans.htr loans.csv -n 10000 -o synthetic.csv --keep limit_ceiling --apply
htdbu tune loans.htr loans.csv -n 10000 -o synthetic.csv --generator trees --set min_leaf=100
"""


@click.command(cls=WithExample, epilog=EXAMPLE)
@click.argument("rules")
@click.argument("real")
@click.option("-n", "n", metavar="N", type=click.IntRange(min=0), required=True, help="How many rows to write.")
@click.option("-o", "--output", metavar="OUT", required=True, help="Where the rows go; - for standard output.")
@click.option(
    "--max-rounds",
    metavar="K",
    type=click.IntRange(min=1),
    default=5,
    show_default=True,
    help="At most K rounds, the first measurement counted.",
)
@click.option("--generator", metavar="NAME", help="What learns the texture; bits by default.")
@setting_option
@click.option("--target", metavar="COL", help="The column a model learns to predict; else the first factor.")
@click.option("--patch", metavar="FILE", help="Where the proposed change of RULES goes; OUT.patch by default.")
@click.option("--apply", is_flag=True, help="Change RULES as the patch says, and write rows that obey the new ones.")
@click.option(
    "--keep", metavar="RULE", multiple=True, help="A rule, factor or target that is meant as it is; may be repeated."
)
@click.option("--report", metavar="R.html", help="Measure the rows against the real ones and write a report.")
@show_real_option
@data_options
@pool_option
@seed_option
@threads_option
@format_option()
def command(
    rules: str,
    real: str,
    n: int,
    output: str,
    max_rounds: int,
    generator: str | None,
    settings: dict[str, str],
    target: str | None,
    patch: str | None,
    apply: bool,
    keep: tuple[str, ...],
    report: str | None,
    show_real: bool,
    params: dict[str, str],
    nulls: tuple[str, ...],
    delimiter: str | None,
    pools: dict[str, str],
    seed: int,
    threads: int | None,
    style: str,
) -> int:
    """Find out why rows are unlike those of REAL, the model, the RULES or the plan; mend that, and write N rows.

    RULES are changed with --apply only. Exit code 1 says that something is left to do, a patch to apply for instance.
    """
    from htdbu.cli.declared_types import DeclaredTypes
    from htdbu.cli.inputs import load_program, read_pools, read_table
    from htdbu.cli.progress import telling
    from htdbu.cli.screen import Screen
    from htdbu.cli.steps import target_column
    from htdbu.cli.tuning import is_left, patch_place, show_tuning, tuned_page, write_rules
    from htdbu.cli.writing import Outputs, check_outputs
    from htdbu.compiler.compile import read_source
    from htdbu.evaluation.tuning import tune
    from htdbu.generators.registry import DEFAULT
    from htdbu.generators.settings import read_settings

    place = patch_place(output, patch)
    check_outputs([report, place], tables=[output], kept=[real, rules, *pools.values()])
    program = load_program(rules, params)
    if target is not None or report is not None:
        target = target_column(program, target)
    source = read_source(rules)
    table = read_table(real, delimiter)
    texts = read_pools(pools)
    with telling() as tell:
        result = tune(
            source,
            table.frame,
            n,
            generator=generator,
            settings=read_settings(generator or DEFAULT, settings),
            target=target,
            keep=keep,
            apply=apply,
            max_rounds=max_rounds,
            random_state=seed,
            threads=threads,
            nulls=nulls,
            params=params,
            pools=texts,
            progress=tell,
        )
    written = [path for path in (output, report) if path is not None]
    with Outputs() as outputs:
        outputs.table(output, result.data, table.layout, DeclaredTypes(program, nulls))
        if result.patch is not None and place is not None:
            outputs.text(place, result.patch)
            written.append(place)
        if result.patched:
            write_rules(outputs, source, result.rules_text)
            written.append(rules)
        if report is not None:
            page = tuned_page(result, table.frame, target, seed=seed, nulls=nulls, show_real=show_real)
            outputs.text(report, page)
    screen = Screen(errors="-" in (output, report, place))
    if style == "json":
        screen.json(result.to_dict())
    else:
        show_tuning(screen, result.to_dict(), *written)
    return FINDINGS if is_left(result) else WELL
