"""`htdbu draft`: a first rule file for a table."""

from __future__ import annotations

from typing import Any

import click

from htdbu.cli.errors import WELL
from htdbu.cli.options import WithExample, delimiter_option, format_option, null_option, seed_option
from htdbu.cli.provider_options import own_settings, provider_options
from htdbu.errors import UsageError

EXAMPLE = """\
htdbu draft loans.csv -o loans.htr --target defaulted
htdbu draft loans.csv --show-summary --granularity rich
htdbu draft loans.csv -o loans.htr --provider llm --model qwen3:8b --base-url http://localhost:11434/v1
htdbu draft loans.csv --emit-grammar gbnf -o loans.gbnf
"""


@click.command(cls=WithExample, epilog=EXAMPLE)
@click.argument("data")
@click.option("-o", "--output", metavar="RULES", help="Where the rule file goes; - for standard output.")
@click.option(
    "--provider",
    metavar="NAME",
    default="mined",
    show_default=True,
    help="Who writes the rules: mined finds them in DATA and calls nobody, llm asks a language model.",
)
@click.option("--target", metavar="COL", help="The column that is to be planned first.")
@click.option(
    "--granularity",
    type=click.Choice(["minimal", "standard", "rich"]),
    default="standard",
    show_default=True,
    help="How much of DATA a provider is shown.",
)
@click.option(
    "--min-count",
    metavar="N",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    help="No level and no value that fewer rows hold is named.",
)
@click.option(
    "--max-rules",
    metavar="N",
    type=click.IntRange(min=0),
    default=40,
    show_default=True,
    help="At most N rules, the domains of the columns aside.",
)
@click.option("--table", metavar="NAME", help="What the table is called; by default as the file is.")
@click.option("--show-summary", is_flag=True, help="Show exactly what a provider elsewhere would be sent, and stop.")
@click.option(
    "--emit-grammar",
    type=click.Choice(["gbnf", "llguidance"]),
    help="Write a grammar that holds a local model to the drafted table, instead of the rules.",
)
@provider_options
@null_option
@delimiter_option
@seed_option
@format_option()
def command(
    data: str,
    output: str | None,
    provider: str,
    target: str | None,
    granularity: Any,
    min_count: int,
    max_rules: int,
    table: str | None,
    show_summary: bool,
    emit_grammar: str | None,
    nulls: tuple[str, ...],
    delimiter: str | None,
    seed: int,
    style: str,
    **own: Any,
) -> int:
    """Write a first rule file for the rows of DATA, to be read and mended by a person.

    Nothing leaves this machine unless --provider llm is given; then a summary does, as --show-summary shows it.
    """
    from htdbu.cli.drafting import next_call, show_draft, table_name, write_grammar
    from htdbu.cli.inputs import read_table
    from htdbu.cli.progress import progress_bar
    from htdbu.cli.screen import Screen
    from htdbu.cli.writing import Outputs, check_outputs
    from htdbu.providers import draft, request_for, summarise
    from htdbu.providers.registry import load

    settings = own_settings(provider, own)
    asked: dict[str, Any] = {
        "table": table or table_name(data),
        "nulls": nulls,
        "target": target,
        "granularity": granularity,
        "min_count": min_count,
        "max_rules": max_rules,
    }
    if show_summary:
        summary = summarise(request_for(read_table(data, delimiter).frame, **asked, seed=seed))
        screen = Screen()
        screen.raw(summary.text()) if style == "human" else screen.json(summary.model_dump(mode="json"))
        return WELL
    if emit_grammar is not None:
        from htdbu.compiler.constrained import check_call

        check_call(emit_grammar, max_rules)
        if load(provider).is_remote:
            raise UsageError("a grammar is made without a language model", f"leave --provider {provider} out")
    if output is None:
        what, ending = ("rules go", "htr") if emit_grammar is None else ("grammar goes", emit_grammar)
        raise UsageError(f"nothing says where the {what}", f"name a file with -o, like -o {table_name(data)}.{ending}")
    if output.endswith(".json"):
        raise UsageError(f"{output}: a draft is written in the rule language", "name it with .htr")
    check_outputs([output, own.get("transcript")], kept=[data, own.get("replay"), own.get("grammar")])
    load(provider)  # or it is missed only when the data have been read
    frame = read_table(data, delimiter).frame
    with progress_bar("drafting") as progress:
        result = draft(frame, provider, **asked, random_state=seed, settings=settings, progress=progress)
    screen = Screen(errors=output == "-")
    if emit_grammar is not None:
        write_grammar(screen, result.program, emit_grammar, max_rules, output, style)
        return WELL
    with Outputs() as outputs:
        outputs.text(output, result.text)
    if style == "json":
        screen.json(result.to_dict())
    else:
        show_draft(screen, result.to_dict(), output)
        if len(frame):
            screen.say(f"next: {next_call(output, data, nulls, delimiter)}")
    return WELL
