"""The file of a fitted model: a zip of `model.json`, the real table as Parquet, and one `.npy` for each array.

Nothing in it is ever executed, and whoever wrote it decides nothing but numbers and texts: no pickles, known names
only, sizes known before anything is unpacked, every array judged by the one who takes it (see `stored`).
"""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, BinaryIO

import numpy as np
import pandas as pd

from htdbu.errors import DataError
from htdbu.generators.stored import State
from htdbu.generators.table_file import lost_types, read_table, write_table

FORMAT = 1
_ABOUT, _TABLE, _ARRAYS = "model.json", "real.parquet", "learned/"
_MOST_ABOUT = 2**26
_SPARE, _RATIO = 2**28, 1_000
"""A file may unpack to 256 MB and a thousand times its size."""
_DATE = (1980, 1, 1, 0, 0, 0)
_MOST_DIMENSIONS = 2

BREAKS = (ValueError, KeyError, IndexError, TypeError, AttributeError, ArithmeticError, EOFError, RuntimeError)
"""What readers of files raise where these are not what they should be; Arrow's errors are among them."""


class NoModelError(DataError):
    """Bytes that are no model file, or one of another version; the message is a part of a sentence."""


def pack(about: Mapping[str, Any], table: pd.DataFrame, state: State) -> bytes:
    """The bytes of a file; the same for the same model.

    Args:
        about: what `model.json` says.
        table: the real rows.
        state: what was learned of them.

    Raises:
        UsageError: a column of the table that Parquet cannot hold.
    """
    members = {_TABLE: write_table(table)} | {f"{_ARRAYS}{name}.npy": _npy(array) for name, array in _flat(state)}
    told = {"format": FORMAT, **about, "rows": len(table), "lost": lost_types(table), "digest": _digest(members)}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in {_ABOUT: json.dumps(told, ensure_ascii=False).encode(), **members}.items():
            entry = zipfile.ZipInfo(name, _DATE)
            entry.compress_type = zipfile.ZIP_STORED if name == _TABLE else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return buffer.getvalue()


def unpack(stream: BinaryIO) -> tuple[dict[str, Any], pd.DataFrame, State]:
    """What `pack` was given, from a file.

    Raises:
        NoModelError: it is no sound file of a version that is known here.
    """
    try:
        return _unpack(stream)
    except NoModelError:
        raise
    except (*BREAKS, zipfile.BadZipFile, zlib.error, struct.error):
        raise NoModelError("is no model file, or is damaged") from None
    except DataError as error:
        raise NoModelError(f"is no sound model file: {error.message}") from None


def _unpack(stream: BinaryIO) -> tuple[dict[str, Any], pd.DataFrame, State]:
    size = stream.seek(0, io.SEEK_END)
    with zipfile.ZipFile(stream) as archive:
        entries = archive.infolist()
        most = _SPARE + _RATIO * size
        if sum(entry.file_size for entry in entries) > most:
            raise NoModelError("would unpack to far more than it is")
        if len({entry.filename for entry in entries}) < len(entries):
            raise NoModelError("is no sound model file: it holds two members of one name")
        members = {entry.filename: archive.read(entry) for entry in entries if entry.filename != _ABOUT}
        if archive.getinfo(_ABOUT).file_size > _MOST_ABOUT:
            raise NoModelError("is no sound model file: what it says of itself is too long")
        about = json.loads(archive.read(_ABOUT))
    if not isinstance(about, dict) or not isinstance(about.get("format"), int):
        raise NoModelError("is no model file of htdbu")
    if about["format"] != FORMAT:
        raise NoModelError(f"is a model file of format {about['format']}, and this htdbu knows format {FORMAT}")
    if about.get("digest") != _digest(members):
        raise NoModelError("is damaged: its checksum is wrong")
    table = read_table(members.pop(_TABLE), most, about["lost"])
    if len(table) != about["rows"] or not len(table):
        raise NoModelError("is no sound model file: rows are missing")
    return about, table, _nested({_array_name(name): _array(content) for name, content in members.items()})


def _digest(members: Mapping[str, bytes]) -> str:
    """A checksum of names and contents."""
    total = sha256()
    for name in sorted(members):
        total.update(f"{name}\0{len(members[name])}\0".encode())
        total.update(members[name])
    return total.hexdigest()


def _flat(state: State, prefix: str = "") -> Iterator[tuple[str, np.ndarray[Any, Any]]]:
    """All arrays of a state by their paths."""
    for name, value in state.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}/")
        else:
            yield f"{prefix}{name}", value


def _nested(arrays: Mapping[str, np.ndarray[Any, Any]]) -> State:
    """The opposite of `_flat`."""
    state: dict[str, Any] = {}
    for path, array in arrays.items():
        *parts, name = path.split("/")
        place = state
        for part in parts:
            place = place.setdefault(part, {})
            if not isinstance(place, dict):
                raise NoModelError(f"is no sound model file: it has no place for {path}")
        place[name] = array
    return state


def _array_name(member: str) -> str:
    if not (member.startswith(_ARRAYS) and member.endswith(".npy")):
        raise NoModelError(f"is no sound model file: it holds {member!r}")
    return member.removeprefix(_ARRAYS).removesuffix(".npy")


def _npy(array: np.ndarray[Any, Any]) -> bytes:
    """An array in numpy's own format; whole numbers as narrow as they can be."""
    if array.dtype.kind in "iu" and array.size:
        array = array.astype(np.promote_types(np.min_scalar_type(array.min()), np.min_scalar_type(array.max())))
    buffer = io.BytesIO()
    little = array.dtype.newbyteorder("<")
    np.lib.format.write_array(buffer, np.ascontiguousarray(array, little), (1, 0), allow_pickle=False)
    return buffer.getvalue()


def _array(content: bytes) -> np.ndarray[Any, Any]:
    """The opposite of `_npy`; the header says how large it is before room is taken for it."""
    stream = io.BytesIO(content)
    if np.lib.format.read_magic(stream) != (1, 0):
        raise NoModelError("is no sound model file: it holds an array of another version")
    shape, columnwise, dtype = np.lib.format.read_array_header_1_0(stream)
    body = content[stream.tell() :]
    if columnwise or dtype.kind not in "iuf" or not 0 < len(shape) <= _MOST_DIMENSIONS:
        raise NoModelError("is no sound model file: it holds an array of another kind")
    return np.frombuffer(body, dtype).reshape(shape).astype(dtype.newbyteorder("="))
