"""The command line. Commands are loaded when they are called, so that `--help` answers at once."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

import click

from htdbu.cli.errors import ReaderGoneError, leave, run
from htdbu.cli.options import WithExample

COMMANDS = {
    "demo": "run the main job, whole, on built-in data",
    "draft": "write a first rule file for a table",
    "compile": "check rule files themselves: syntax, names, types",
    "check": "measure how often the rows of a table break the rules",
    "repair": "change every row to the nearest one that breaks no rule",
    "fit": "learn a table once, for synthesize with any rules",
    "synthesize": "write new rows that look real and break no rule",
    "evaluate": "measure synthetic rows against real ones",
    "tune": "find what is at fault, model, rules or plan, and mend it",
    "fmt": "lay rule files out in the one way there is",
    "test": "judge the example rows of rule files, and what they cover",
    "witness": "show a row that satisfies all rules, or breaks just one",
    "diff": "tell which rows only one of two rule files accepts",
    "lsp": "serve editors: findings, hover, completion, renaming",
    "explain": "explain the code of a finding, with examples",
}


class LazyGroup(WithExample, click.Group):
    """Commands by name, each in a module of its own that is imported when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"htdbu.cli.commands.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is called; a misspelt one gets the closest."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, n=1)
            way_out = f"did you mean {near[0]}?" if near else f"there are {', '.join(COMMANDS)}"
            raise click.UsageError(f"no command {args[0]!r}; {way_out}", ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command that is called."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise ReaderGoneError from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


EXAMPLE = """\
htdbu compile loans.htr
htdbu check loans.htr loans.csv
htdbu synthesize loans.htr loans.csv -n 10000 -o synthetic.csv --report report.html
"""


@click.group(
    cls=LazyGroup,
    epilog=EXAMPLE,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="htdbu", message="%(prog)s %(version)s")
def group() -> None:
    """Synthetic tables that look real and obey the rules of your business.

    `htdbu COMMAND --help` tells more and gives an example. Exit codes: 0 well, 1 findings, 2 cannot run.
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; `arguments` are those of the process by default."""
    return run(lambda: group.main(arguments, prog_name="htdbu", standalone_mode=False))


def process() -> NoReturn:
    """Run the command line as a process of its own, and end it."""
    leave(main())
