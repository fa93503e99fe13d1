"""`htdbu explain`: what a code means, with an example that gets it and one that does not."""

from __future__ import annotations

from dataclasses import asdict

import click

from htdbu.cli.errors import WELL
from htdbu.cli.options import WithExample, format_option

EXAMPLE = """\
htdbu explain HTR101
htdbu explain
"""


@click.command(cls=WithExample, epilog=EXAMPLE)
@click.argument("code", required=False)
@format_option()
def command(code: str | None, style: str) -> int:
    """Explain the CODE of a finding, or list all codes."""
    from htdbu.cli.screen import Screen
    from htdbu.compiler.diagnostics.explain import explain
    from htdbu.compiler.diagnostics.registry import all_kinds

    screen, kinds = Screen(), list(all_kinds().values())
    if code is None and style == "human":
        rows = [(kind.code, kind.name, kind.severity, kind.meaning) for kind in kinds]
        screen.table(("code", "name", "severity", "when"), rows)
    elif code is None:
        screen.json({"codes": [asdict(kind) for kind in kinds]})
    elif style == "human":
        screen.say(explain(code))
    else:
        title = explain(code).split()[0]
        screen.json(next(asdict(kind) for kind in kinds if kind.code == title))
    return WELL
