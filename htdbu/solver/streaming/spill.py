"""Objects put aside in order: in memory as long as they are small, then in a temporary file that no crash leaves."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Generic, TypeVar

from htdbu.errors import OutputError

Item = TypeVar("Item")

IN_MEMORY = 1 << 26
"""Bytes that are held before anything goes to a file."""


@contextmanager
def explained() -> Iterator[None]:
    """Tell a full disk from other troubles.

    Raises:
        OutputError: a temporary file cannot be written.
    """
    try:
        yield
    except OSError as error:
        hint = "nothing was written; free some space, or name a folder that has some in TMPDIR"
        raise OutputError(f"a temporary file cannot be written: {error.strerror}", hint) from None


class Spill(Generic[Item]):
    """A list of which only one item at a time is in memory.

    Args:
        folder: where the temporary file lies; the system's folder for such by default.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._file = SpooledTemporaryFile(max_size=IN_MEMORY, dir=None if folder is None else str(folder))  # noqa: SIM115 - closed by `close`
        self._count = 0

    def append(self, item: Item) -> None:
        """Put one more aside."""
        with explained():
            self._file.seek(0, 2)
            pickle.dump(item, self._file, pickle.HIGHEST_PROTOCOL)
        self._count += 1

    def __iter__(self) -> Iterator[Item]:
        place = 0
        for _ in range(self._count):
            self._file.seek(place)
            item: Item = pickle.load(self._file)
            place = self._file.tell()
            yield item

    def close(self) -> None:
        """Forget everything."""
        self._file.close()
