"""The layout of a data file inside a model file, so that rows drawn from the model look like that file."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, get_args

from htdbu.cli.layout import Kind, Layout
from htdbu.errors import DataError

_FLAGS = ("bom", "final_newline", "quoted_header")


def told(layout: Layout) -> dict[str, Any]:
    """A layout as plain data."""
    schema = None if layout.schema is None else b64encode(layout.schema.serialize().to_pybytes()).decode()
    return {**asdict(Layout(**{**vars(layout), "schema": None})), "quoted": sorted(layout.quoted), "schema": schema}


def heard(path: str, data: Mapping[str, Any]) -> Layout:
    """A layout from plain data, which anybody may have written; the default one where there is none.

    Args:
        path: of the model file, for the message.

    Raises:
        DataError: it is no layout.
    """
    if not data:
        return Layout()
    kind, delimiter, quoted = data.get("kind"), data.get("delimiter"), data.get("quoted")
    flags = {name: data.get(name) for name in _FLAGS}
    if (
        kind not in get_args(Kind)
        or not (isinstance(delimiter, str) and len(delimiter) == 1 and delimiter not in '"\r\n')
        or not (isinstance(quoted, list) and all(isinstance(name, str) for name in quoted))
        or data.get("newline") not in ("\n", "\r\n", "\r")
        or not all(isinstance(flag, bool) for flag in flags.values())
    ):
        raise _damaged(path)
    schema = None if data.get("schema") is None else _schema(path, data["schema"])
    typed: dict[str, Any] = {"kind": kind, "newline": data["newline"], "schema": schema, **flags}
    return Layout(delimiter=delimiter, quoted=frozenset(quoted), **typed)


def _schema(path: str, text: Any) -> Any:
    import pyarrow as pa

    try:
        return pa.ipc.read_schema(pa.py_buffer(b64decode(text, validate=True)))
    except (pa.ArrowException, ValueError, TypeError, OSError, EOFError):
        raise _damaged(path) from None


def _damaged(path: str) -> DataError:
    return DataError(
        f"{path} is no sound model file: it tells no layout", "fit the table again: htdbu fit REAL -o MODEL"
    )
