"""`htdbu lsp`: the language server, which editors start."""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

import click

from htdbu.cli.errors import FINDINGS, TRACEBACK, WELL
from htdbu.cli.options import WithExample
from htdbu.errors import UsageError

EXAMPLE = """\
htdbu lsp
"""


@click.command(cls=WithExample, epilog=EXAMPLE)
@click.option("--stdio", is_flag=True, help="Speak over standard input and output; this is so anyway.")
def command(stdio: bool) -> int:
    """Serve editors over standard input and output, by the Language Server Protocol.

    An editor starts this; docs/editors.md says how. Ends with 1 when it is not asked to shut down before its end.
    """
    try:
        import pygls  # noqa: F401
    except ImportError:
        raise UsageError("the language server needs pygls", "pip install 'htdbu[lsp]'") from None
    from htdbu.lsp.server import make_server

    if not os.environ.get(TRACEBACK):
        logging.disable(logging.CRITICAL)  # editors get errors as messages of the protocol
    if sys.stdin.isatty():
        click.echo("htdbu lsp waits for an editor on standard input; docs/editors.md says how one starts it", err=True)
    gc.set_threshold(200_000, 50, 1_000)  # a large file is many objects that stay; looking at them all delays answers
    server = make_server()
    with _stoppable():
        server.start_io(stdout=os.fdopen(os.dup(1), "wb"))  # which the server closes at its end
    return WELL if server.is_shut_down else FINDINGS


@contextmanager
def _stoppable() -> Iterator[None]:
    """End at once when asked by a signal; the thread that waits for input would hold up any other end."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        os._exit(128 + number)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
