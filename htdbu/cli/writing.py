"""Output files that appear whole or not at all: written beside their place under another name, then moved."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import stat
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Self, cast

from htdbu.cli.encoding import encode
from htdbu.cli.errors import PUT_IN_PLACE
from htdbu.cli.layout import KNOWN, Layout, kind_of
from htdbu.cli.temporary import hold, put_in_place, remove_stale, temporary_name
from htdbu.errors import OutputError, UsageError

if TYPE_CHECKING:
    from pandas import DataFrame

    from htdbu.cli.declared_types import DeclaredTypes


def check_outputs(
    paths: Sequence[str | None], *, tables: Sequence[str | None] = (), kept: Sequence[str | None] = ()
) -> None:
    """Refuse output names that cannot work, before any work is done; None stands for an output not asked for.

    Args:
        kept: files that are read, over which no output may be written.

    Raises:
        UsageError: two outputs under one name, one over a file to be kept, or a table of an unknown kind.
        OutputError: a folder that is not there, or a directory in the place of a file.
    """
    named = [path for path in (*paths, *tables) if path is not None]
    places = [path if path == "-" else os.path.realpath(path) for path in named]
    for path, place in zip(named, places, strict=True):
        if places.count(place) > 1:
            what = "standard output" if path == "-" else path
            raise UsageError(f"two outputs would both go to {what}", "give each a name of its own")
        if place in [os.path.realpath(other) for other in kept if other not in (None, "-")]:
            raise UsageError(f"{path} would be written over", "give the output a name of its own")
    for table in tables:
        if table is not None and kind_of(table) is None:
            raise UsageError(f"{table}: files of this kind cannot be written", KNOWN)
    for path in named:
        if path != "-":
            _check_place(Path(path))


def _check_place(path: Path) -> None:
    """Refuse a directory, and a file in a folder that is not there."""
    if path.is_dir():
        raise OutputError(f"{path} is a directory", "name a file in it")
    if not path.parent.is_dir():
        message = f"{path} cannot be written: there is no folder {path.parent}"
        raise OutputError(message, f"make it: mkdir -p {path.parent}")


@dataclass(frozen=True)
class _Staged:
    """An output that is not in its place: a temporary file, or what is to go to a pipe or device."""

    name: str
    place: Path | None
    stream: BinaryIO
    temporary: Path | None = None


class Outputs:
    """The outputs of one command: staged one by one, and put in place together when the block ends well.

    When the block ends by any exception, an interruption too, the temporary files are removed and every place
    is as it was.

    Raises:
        OutputError: an output cannot be written, because of a full disk for instance; nothing is left behind.
    """

    def __init__(self) -> None:
        self._staged: list[_Staged] = []

    def __enter__(self) -> Self:
        _rearm()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._commit()
        finally:
            try:
                self._clean()
            except BaseException:  # an interruption, just before they are held back
                self._clean()
                raise

    def _clean(self) -> None:
        """Remove what is not in its place."""
        with _uninterrupted():
            for staged in self._staged:
                if staged.temporary is not None:
                    staged.temporary.unlink(missing_ok=True)
                with suppress(OSError):  # of what a full disk did not take
                    staged.stream.close()

    def table(
        self, path: str, frame: DataFrame, layout: Layout | None = None, declared: DeclaredTypes | None = None
    ) -> None:
        """Stage a table; `layout` is that of the file it goes back to. `-` is standard output.

        Args:
            declared: the types of a table that comes from CSV, for a file that has types.
        """
        self.bytes(path, encode(frame, path, layout or Layout(), declared))

    def text(self, path: str, text: str) -> None:
        """Stage a text file; `-` is standard output."""
        self.bytes(path, text.encode())

    def bytes(self, path: str, content: bytes) -> None:
        """Stage a file of these bytes; `-` is standard output."""
        with self.file(path) as sink:
            sink.write(content)

    @contextmanager
    def file(self, path: str) -> Iterator[BinaryIO]:
        """Stage a file that is written piece by piece, when the block ends well; `-` is standard output."""
        place = None if path == "-" else Path(os.path.realpath(path))
        name = "standard output" if place is None else path
        with _explained(name):
            if place is None or (place.exists() and not stat.S_ISREG(place.stat().st_mode)):
                # A pipe or a device is written to, never replaced by a file.
                staged = _Staged(name, place, TemporaryFile())  # noqa: SIM115 - closed with all outputs
                self._staged.append(staged)
            else:
                remove_stale(place)
                staged = self._new_file(name, place)
        yield cast(BinaryIO, _Sink(name, staged.stream))
        with _explained(name):
            staged.stream.flush()
            if staged.temporary is not None:
                os.fsync(staged.stream.fileno())  # so that a full disk is noticed now
                if staged.place is not None and staged.place.exists():
                    shutil.copymode(staged.place, staged.temporary)

    def _new_file(self, name: str, place: Path) -> _Staged:
        """A temporary file beside the place of an output."""
        while True:
            temporary = temporary_name(place)
            with _uninterrupted():  # or it might be there, and nobody know of it
                staged = _Staged(name, place, temporary.open("xb"), temporary)
                self._staged.append(staged)
            if hold(staged.stream, temporary):
                return staged
            self._staged.remove(staged)
            staged.stream.close()

    def _commit(self) -> None:
        """Write to pipes, then move every temporary file to its place, with no interruption in between."""
        for staged in self._staged:
            if staged.temporary is None:
                with _explained(staged.name):
                    _write_stream(staged)
        with _uninterrupted():
            for staged in self._staged:
                if staged.temporary is not None and staged.place is not None:
                    with _explained(staged.name):
                        put_in_place(staged.stream, staged.temporary, staged.place)
                    PUT_IN_PLACE.append(staged.name)


class _Sink:
    """A staged file as those see it who write to it; a refusal of the operating system is an OutputError."""

    closed = False

    def __init__(self, name: str, stream: BinaryIO) -> None:
        self._name, self._stream = name, stream

    def write(self, data: bytes | memoryview) -> int:
        """Write bytes, all of them."""
        with _explained(self._name):
            return self._stream.write(data)

    def tell(self) -> int:
        """How many bytes there are."""
        return self._stream.tell()

    def flush(self) -> None:
        """Nothing: that is done once, at the end."""

    def close(self) -> None:
        """Nothing: the file is closed with all outputs."""


def _write_stream(staged: _Staged) -> None:
    """Copy what is staged to standard output, a pipe or a device."""
    staged.stream.seek(0)
    if staged.place is None:
        shutil.copyfileobj(staged.stream, sys.stdout.buffer)
        sys.stdout.buffer.flush()
    else:
        with staged.place.open("wb") as stream:
            shutil.copyfileobj(staged.stream, stream)


@contextmanager
def _explained(name: str) -> Iterator[None]:
    """Turn a refusal of the operating system into an OutputError; a closed pipe stays what it is."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        hint = f"nothing was written; {'free some space, or ' if full else ''}choose another place"
        raise OutputError(f"{name} cannot be written: {error.strerror}", hint) from None


def _rearm() -> None:
    """Have Ctrl-C raise an exception again, so that temporary files go; a solver may have taken it for itself."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.getsignal(signal.SIGINT))


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold back Ctrl-C and a polite kill while a few files are moved; they are acted upon afterwards."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    held: list[int] = []
    before = {
        interruption: signal.signal(interruption, lambda number, _: held.append(number))
        for interruption in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for interruption, handler in before.items():
            signal.signal(interruption, handler)
    for number in held:
        signal.raise_signal(number)
