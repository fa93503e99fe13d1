"""How a command ends: every error becomes one message with a way out on standard error, and an exit code."""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, NoReturn

import click

from htdbu.errors import HtdbuError

WELL, FINDINGS, CANNOT_RUN, INTERRUPTED, TERMINATED = 0, 1, 2, 130, 143
TRACEBACK = "HTDBU_TRACEBACK"

# The files that the running command has put in place, for the message of an interruption.
PUT_IN_PLACE: list[str] = []


class Terminated(BaseException):
    """The process was asked to end; raised where it was at work, so that it leaves nothing half-done."""


class ReaderGoneError(Exception):
    """Whoever reads standard output has stopped; click would take a BrokenPipeError for a plain exit."""


def run(action: Callable[[], Any]) -> int:
    """Run a command and return its exit code; no exception leaves this function."""
    PUT_IN_PLACE.clear()
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that cannot show a sign gets its code, never a failure.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        with _terminable():
            code = action()
            sys.stdout.flush()
        return int(code or WELL)
    except BaseException as error:  # the one place where everything is caught, in order to be told
        if os.environ.get(TRACEBACK):
            traceback.print_exc()
        return _tell(error)


def leave(code: int) -> NoReturn:
    """End the process with an exit code.

    Where a command did not reach its end, a library may still be at work in threads of its own (Arrow reads ahead), and
    an interpreter that is taken down under them aborts. Nothing of ours is left to do then but to write out what was
    said.
    """
    if code in (WELL, FINDINGS):
        sys.exit(code)
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, OSError, ValueError):  # no stream, one that nobody reads, a closed one
            stream.flush()
    os._exit(code)


@contextmanager
def _terminable() -> Iterator[None]:
    """Turn a polite kill into an exception, as Ctrl-C is one."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        raise Terminated

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _tell(error: BaseException) -> int:
    """Say on standard error what went wrong; returns the exit code that says the same."""
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else CANNOT_RUN
    if isinstance(error, KeyboardInterrupt | click.Abort | Terminated):
        _say(f"interrupted, {_what_was_written()}")
        return TERMINATED if isinstance(error, Terminated) else INTERRUPTED
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
    elif isinstance(error, click.ClickException):
        context = getattr(error, "ctx", None)
        _say(error.format_message(), f"{context.command_path} --help" if context else None)
    elif isinstance(error, HtdbuError):
        _say(error.message, error.hint)
    elif isinstance(error, BrokenPipeError | ReaderGoneError):
        _silence_standard_output()
        _say("the reader of the output went away before its end")
    elif isinstance(error, MemoryError):
        _say("out of memory", "work on fewer rows at a time, or on a machine with more memory")
    else:
        _tell_unexpected(error)
    return CANNOT_RUN


def _tell_unexpected(error: BaseException) -> None:
    """Show an error nobody foresaw, in one line, and how to report it."""
    if isinstance(error, OSError) and error.strerror:
        _silence_standard_output()
        _say(f"{error.filename or 'standard output'}: {error.strerror}")
        return
    first_line = (str(error).splitlines() or [""])[0]
    what = f"{type(error).__name__}: {first_line}" if first_line else type(error).__name__
    _say(f"unexpected {what}", f"this is a fault of htdbu, please report it with what {TRACEBACK}=1 shows")


def _say(message: str, hint: str | None = None) -> None:
    """Write a message and its hint to standard error."""
    color = sys.stderr.isatty() and "NO_COLOR" not in os.environ
    opener = click.style("error:", fg="red", bold=True) if color else "error:"
    click.echo(f"{opener} {message}", err=True)
    if hint:
        click.echo(f"  hint: {hint}", err=True)


def _what_was_written() -> str:
    """What an interruption leaves behind: whole files, or nothing."""
    return f"already written: {', '.join(PUT_IN_PLACE)}" if PUT_IN_PLACE else "nothing was written"


def _silence_standard_output() -> None:
    """Let the interpreter end without a second complaint about standard output."""
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - a file descriptor is wanted
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
