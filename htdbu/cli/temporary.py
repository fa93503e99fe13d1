"""Temporary files beside the places of outputs: hidden, locked while somebody writes them, removed once nobody does.

A process that is killed outright leaves its temporary files behind. The next one that writes the same output removes
them: a file whose lock can be had belongs to nobody.
"""

from __future__ import annotations

import os
import re
import secrets
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # no locks on this system, and so nothing that is removed
    fcntl = None  # type: ignore[assignment]


def temporary_name(place: Path) -> Path:
    """A new name for what is to be an output."""
    return place.with_name(f".{place.name}.{secrets.token_hex(4)}.tmp")


def folder_for(path: str) -> Path | None:
    """Where temporary files of a run lie that nobody sees: beside its output; None where that is no file."""
    place = Path(os.path.realpath(path))
    is_file = path != "-" and (place.is_file() or not place.exists())
    return place.parent if is_file else None


def hold(stream: BinaryIO, path: Path) -> bool:
    """Lock a new temporary file; whether it is still there, for it may have been removed before the lock was had."""
    if not _locked(stream, wait=True):
        return True
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(stream.fileno()), path.stat())
    return False


def put_in_place(stream: BinaryIO, temporary: Path, place: Path) -> None:
    """Move a temporary file to its place, in one step."""
    if fcntl is None:  # where an open file cannot be moved
        stream.close()
    temporary.replace(place)


def remove_stale(place: Path) -> None:
    """Remove the temporary files of an output that nobody writes any longer."""
    ours = re.compile(re.escape(f".{place.name}.") + r"[0-9a-f]{8}\.tmp")
    with suppress(OSError):
        for path in [Path(entry) for entry in os.scandir(place.parent) if ours.fullmatch(entry.name)]:
            with suppress(OSError), path.open("r+b") as stream:
                if _locked(stream, wait=False):
                    path.unlink()


def _locked(stream: BinaryIO, wait: bool) -> bool:
    """Lock a file, unless another process has and it is not to be waited for; False too where there are no locks."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        return False
    return True
