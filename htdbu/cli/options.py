"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])
DELIMITERS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "}


class WithExample(click.Command):
    """A command whose epilog is an example of its use, shown as it is written."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the example under a heading of its own."""
        with formatter.section("Example"):
            for line in (self.epilog or "").splitlines():
                formatter.write(f"  {line}\n")


def format_option(*more: str) -> Callable[[Command], Command]:
    """`--format human|json`, and the formats that only this command has."""
    choice = click.Choice(["human", "json", *more])
    text = "How results are shown on standard output."
    return click.option("--format", "style", type=choice, default="human", show_default=True, help=text)


_PAIRS = {"params": "min_age=21", "settings": "depth=6", "pools": "notes=notes.csv"}


def _pairs(ctx: click.Context, option: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """Cut every NAME=V; the last of a name counts."""
    for value in values:
        if not value.partition("=")[0].strip() or "=" not in value:
            raise click.BadParameter(f"{value!r} is not of the form NAME=V, like {_PAIRS[option.name]}", ctx, option)
    return {name.strip(): text for name, _, text in (value.partition("=") for value in values)}


def _one_sign(ctx: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """The delimiter itself, which may have been given by name."""
    sign = DELIMITERS.get(value, value) if value is not None else None
    if sign is not None and (len(sign) != 1 or sign in '"\r\n' or not sign.isascii()):
        raise click.BadParameter(f"{value!r} is not one sign, like ';' or tab", ctx, option)
    return sign


param_option = click.option(
    "--param",
    "params",
    metavar="NAME=V",
    multiple=True,
    callback=_pairs,
    help="Set a param of the rule file; may be repeated.",
)
setting_option = click.option(
    "--set",
    "settings",
    metavar="NAME=V",
    multiple=True,
    callback=_pairs,
    help="Set a parameter of the generator, like depth=6; may be repeated.",
)
null_option = click.option(
    "--null",
    "nulls",
    metavar="TEXT",
    multiple=True,
    help="A text that stands for null, besides the empty cell, NA, NaN and null; may be repeated.",
)
delimiter_option = click.option(
    "--delimiter", metavar="SIGN", callback=_one_sign, help="What separates CSV cells; found out by default."
)
pool_option = click.option(
    "--pool",
    "pools",
    metavar="NAME=FILE",
    multiple=True,
    callback=_pairs,
    help="A file of texts with the columns text and label for the pool NAME; may be repeated.",
)
threads_option = click.option(
    "--threads",
    metavar="N",
    type=click.IntRange(min=1),
    help="At most N threads; no result depends on it.",
)
seed_option = click.option(
    "--seed",
    metavar="S",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Same seed and input, same bytes out.",
)
show_real_option = click.option(
    "--show-real",
    is_flag=True,
    help="Let the report show real rows as examples; without, it shows synthetic ones only.",
)


def data_options(function: Command) -> Command:
    """Everything that says how rules and data are read: `--param`, `--null`, `--delimiter`."""
    return param_option(null_option(delimiter_option(function)))


def effort_option(help: str) -> Callable[[Command], Command]:
    """`--effort`, a bound on a search that is the same on every machine."""
    return click.option("--effort", type=click.FloatRange(min=0, min_open=True), metavar="N", help=help)
