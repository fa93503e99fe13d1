"""Data files opened for several readings: what can be read only once is put into a temporary file first."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

from htdbu.errors import DataError, OutputError

COPY_BYTES = 1 << 20


class DataFile:
    """A file that can be read again and again, and that is noticed to change.

    Raises:
        DataError: the file is missing or cannot be read.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.stream = _opened(path)
        self._seen = self._state()

    @property
    def size(self) -> int:
        """The number of its bytes."""
        return os.fstat(self.stream.fileno()).st_size

    def _state(self) -> tuple[int, int]:
        state = os.fstat(self.stream.fileno())
        return state.st_size, state.st_mtime_ns

    def require_unchanged(self) -> None:
        """Refuse a file that somebody has written to.

        Raises:
            DataError: where it has changed since it was opened.
        """
        if self._state() != self._seen:
            raise DataError(f"{self.path} has changed while it was read", "start again when nobody writes to it")

    def close(self) -> None:
        """Close it, and remove a copy of it."""
        self.stream.close()


def _opened(path: str) -> BinaryIO:
    """The file itself, or a copy of standard input, a pipe or a device."""
    try:
        if path == "-":
            return _copied(sys.stdin.buffer)
        stream = Path(path).open("rb")  # noqa: SIM115 - closed by the data file
    except FileNotFoundError:
        raise DataError(f"{path}: no such file", "check the spelling and the folder it is in") from None
    except IsADirectoryError:
        raise DataError(f"{path} is a directory", "name the data file in it") from None
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}") from None
    if stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
        return stream
    with stream:
        return _copied(stream)


def _copied(stream: BinaryIO) -> BinaryIO:
    """A temporary file with all that a stream holds."""
    copy = TemporaryFile()  # noqa: SIM115 - closed by the data file
    try:
        shutil.copyfileobj(stream, copy, COPY_BYTES)
        copy.flush()
    except OSError as error:
        hint = "nothing was written; free some space, or name a folder that has some in TMPDIR"
        raise OutputError(f"a temporary copy of the data cannot be written: {error.strerror}", hint) from None
    return copy
