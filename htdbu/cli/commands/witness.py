"""`htdbu witness`: a row that satisfies all rules, or one that breaks just one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from htdbu.cli.errors import FINDINGS, WELL
from htdbu.cli.options import WithExample, data_options, effort_option, format_option

if TYPE_CHECKING:
    from htdbu.analyses.witness import NoWitness, Witness
    from htdbu.cli.screen import Screen
    from htdbu.compiler.program import Program
    from htdbu.solver.table import EncodedTable

EXAMPLE = """\
htdbu witness loans.htr
htdbu witness loans.htr adult --data loans.csv
htdbu witness loans.htr age.domain --format json -o row.csv
"""


@click.command(cls=WithExample, epilog=EXAMPLE)
@click.argument("rules")
@click.argument("rule", required=False)
@click.option("--data", metavar="FILE", help="Real rows: the row is as near as can be to the middle of them.")
@click.option("-o", "--output", metavar="OUT", help="Write the row as a table that `htdbu check` takes; - for stdout.")
@effort_option("Bound on the search, the same on every machine; 2 by default.")
@data_options
@format_option()
def command(
    rules: str,
    rule: str | None,
    data: str | None,
    output: str | None,
    effort: float | None,
    params: dict[str, str],
    nulls: tuple[str, ...],
    delimiter: str | None,
    style: str,
) -> int:
    """Show a row that satisfies all hard RULES, or one that breaks only RULE, as `check` names it.

    Soft rules hold where they can. Of all such rows it is the one nearest to a typical row. Ends with exit code 1
    where there is no such row, with the rules that leave none, and where the search could not find out.
    """
    from htdbu.analyses.block import EFFORT
    from htdbu.analyses.witness import Witness, witness
    from htdbu.cli.inputs import load_program
    from htdbu.cli.screen import Screen
    from htdbu.cli.writing import Outputs, check_outputs

    check_outputs([], tables=[output], kept=[rules, data])
    program = load_program(rules, params)
    _check_name(program, rule)
    found = witness(program, rule, _real(program, data, delimiter, nulls), effort or EFFORT)
    if output is not None and isinstance(found, Witness):
        from htdbu.cli.row_files import one_row

        with Outputs() as outputs:
            outputs.table(output, one_row(found, output))
    _show(Screen(errors=output == "-"), style, found, output)
    return WELL if isinstance(found, Witness) else FINDINGS


def _real(program: Program, data: str | None, delimiter: str | None, nulls: tuple[str, ...]) -> EncodedTable | None:
    from htdbu.cli.inputs import read_frame
    from htdbu.solver.encoding import encode

    frame = read_frame(data, delimiter)
    return None if frame is None else encode(program, frame, nulls)


def _check_name(program: Program, rule: str | None) -> None:
    """Refuse a name of nothing that one row breaks.

    Raises:
        UsageError: naming the nearest rule there is.
    """
    from htdbu.analyses.witness import one_row_names
    from htdbu.compiler.diagnostics.suggest import did_you_mean
    from htdbu.errors import UsageError

    if rule is None or rule in (names := one_row_names(program)):
        return
    several = [f"key({column.name})" for column in program.columns if column.key]
    several += [unique.name for unique in program.uniques] + [fd.name for fd in program.dependencies]
    if rule in several or any(rule == target.name for target in program.targets):
        raise UsageError(f"`{rule}` is about several rows, and no one row breaks it")
    stated = [known.name for known in program.rules]
    hint = did_you_mean(rule, [*stated, *names]) or f"there are {', '.join(stated or names)}"
    raise UsageError(f"there is no rule `{rule}`", hint)


def _show(screen: Screen, style: str, found: Witness | NoWitness, output: str | None) -> None:
    from htdbu.analyses.witness import NoWitness

    if style == "json":
        screen.json(_told(found))
    elif isinstance(found, NoWitness):
        screen.say(str(found), "yellow" if found.undecided else "red")
    else:
        _show_row(screen, found, output)


def _told(found: Witness | NoWitness) -> dict[str, Any]:
    from htdbu.analyses.witness import Witness

    told: dict[str, Any] = {"row": None, "breaks": [], "rule": found.rule, "reads": [], "nearest": None}
    if isinstance(found, Witness):
        nearest = {"nearest": found.nearest, "conflict": [], "undecided": False, "message": None}
        return told | {"row": found.row, "breaks": found.breaks, "reads": found.reads} | nearest
    return told | {"conflict": list(found.rules), "undecided": found.undecided, "message": str(found)}


def _show_row(screen: Screen, found: Witness, output: str | None) -> None:
    """The row, one column a line; then what it breaks."""
    screen.table(("column", "value"), list(found.cells.items()))
    screen.say()
    others = [name for name in found.breaks if name != found.rule]
    if found.rule is None:
        screen.say("satisfies all hard rules", "green")
    else:
        screen.say(f"breaks `{found.rule}`" + (f", which reads {', '.join(found.reads)}" if found.reads else ""))
        doc = next((rule.doc for rule in found.program.rules if rule.name == found.rule), None)
        if doc:
            screen.say(f"  {doc}")
    if others:
        screen.say(f"breaks the soft {'rule' if len(others) == 1 else 'rules'} {', '.join(others)} too", "yellow")
    if not found.nearest:
        screen.say("the search ended before it was proved that no such row is more typical", "yellow")
    if output is not None:
        screen.say(f"written: {output}")
