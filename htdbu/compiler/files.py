"""Reading the files that rules stand in and name: regular files of bounded size, and pipes where they are allowed."""

from __future__ import annotations

import errno
import stat
from pathlib import Path

MOST_MEGABYTES = 64
_MOST_BYTES = MOST_MEGABYTES * 2**20


def read_text(path: str | Path, *, streams: bool = False) -> str:
    """The text of a file, line ends as they are, without a byte order mark.

    Args:
        streams: whether it may be a pipe or a terminal, such as `/dev/stdin`; else reading one could wait for ever.

    Raises:
        OSError: where it is missing, no file, too large or not readable; `strerror` says which.
        ValueError: where the path is none, or the text is not UTF-8 (a `UnicodeDecodeError`, which holds the bytes).
    """
    status = Path(path).stat()
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, "it is not a file, but a directory", str(path))
    if not streams and not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "it is not a file", str(path))
    data = b""
    if status.st_size <= _MOST_BYTES:
        with Path(path).open("rb") as file:
            data = file.read(_MOST_BYTES + 1)  # a stream, or a file that grows, says no size beforehand
    if max(len(data), status.st_size) > _MOST_BYTES:
        raise OSError(errno.EFBIG, f"it is larger than {MOST_MEGABYTES} MB", str(path))
    return data.decode("utf-8-sig")
