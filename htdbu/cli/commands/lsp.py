"""`htdbu lsp`: the language server, which editors start."""

from __future__ import annotations

import gc
import logging
import os

import click

from htdbu.cli.errors import TRACEBACK, WELL
from htdbu.cli.options import WithExample
from htdbu.errors import UsageError

EXAMPLE = """\
htdbu lsp
"""


@click.command(cls=WithExample, epilog=EXAMPLE)
@click.option("--stdio", is_flag=True, help="Speak over standard input and output; this is so anyway.")
def command(stdio: bool) -> int:
    """Serve editors over standard input and output, by the Language Server Protocol.

    An editor starts this; docs/editors.md says how.
    """
    try:
        import pygls  # noqa: F401
    except ImportError:
        raise UsageError("the language server needs pygls", "pip install 'htdbu[lsp]'") from None
    from htdbu.lsp.server import make_server

    if not os.environ.get(TRACEBACK):
        logging.getLogger("pygls").setLevel(logging.CRITICAL + 1)  # editors get errors as messages of the protocol
    gc.set_threshold(200_000, 50, 1_000)  # a large file is many objects that stay; looking at them all delays answers
    make_server().start_io(stdout=os.fdopen(os.dup(1), "wb"))  # which the server closes at its end
    return WELL
