"""Pools that the data themselves make, of any size: their texts lie in a file, with 24 bytes of memory for each."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from threading import Lock
from typing import IO, overload

import numpy as np

from htdbu.compiler.program import Column, Program
from htdbu.solver.encoding import encode
from htdbu.solver.pools import Pool
from htdbu.solver.spelling import text_speller
from htdbu.solver.streaming.keys import tuple_keys
from htdbu.solver.streaming.numbering import Numbering
from htdbu.solver.streaming.pieces import Source, pieces_of
from htdbu.solver.streaming.spill import explained
from htdbu.solver.table import HUGE, VALUE, EncodedTable

NO_LABEL = -HUGE
"""The code of rows without a label, which is no value's."""


class _Texts(Sequence[str]):
    """The texts of one label, in the order in which they are first met."""

    def __init__(self, file: IO[bytes], lock: Lock) -> None:
        self._file, self._lock = file, lock
        self._places = array("q")

    def append(self, text: str) -> None:
        """Put one more into the file."""
        data = text.encode("utf-8", "surrogatepass")
        with explained():
            place = self._file.seek(0, 2)
            self._file.write(len(data).to_bytes(8, "big") + data)
        self._places.append(place)

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, number: int) -> str: ...
    @overload
    def __getitem__(self, number: slice) -> list[str]: ...
    def __getitem__(self, number: int | slice) -> str | list[str]:
        if isinstance(number, slice):
            return [self[k] for k in range(*number.indices(len(self)))]
        with self._lock:
            self._file.seek(self._places[number])
            size = int.from_bytes(self._file.read(8), "big")
            return self._file.read(size).decode("utf-8", "surrogatepass")


class OwnPools:
    """The pools of the columns that no given pool serves, from one pass over the data.

    Args:
        folder: where the file of the texts lies.
    """

    def __init__(
        self, program: Program, source: Source, nulls: Sequence[str], given: Mapping[str, Pool], folder: Path | None
    ) -> None:
        self._program, self._nulls = program, nulls
        self._file = TemporaryFile(dir=folder)  # noqa: SIM115 - closed by `close`
        self._lock = Lock()
        self._seen: dict[str, Numbering] = {}
        self.pools: dict[str, dict[str | None, _Texts]] = {}
        wanted = [c for c in program.columns if c.pool_by and not c.fixed and not given.get(str(c.pool))]
        if wanted:
            self._read(source, wanted)

    def _read(self, source: Source, wanted: Sequence[Column]) -> None:
        for column in wanted:
            self._seen[column.name], self.pools[column.name] = Numbering(), {}
        reduced = _reduced(self._program, wanted, source.headers)
        held = [column for column in reduced.columns if column.header in source.headers]
        for piece in pieces_of(source, [column.header for column in held]):
            table = encode(reduced, piece.coded(held), self._nulls)
            for column in wanted:
                self._add(reduced, table, column)

    def _add(self, program: Program, table: EncodedTable, column: Column) -> None:
        """The texts of a piece that their labels have not had yet."""
        by, own = program.column_index[str(column.pool_by)], program.column_index[column.name]
        table.values[by, table.states[by] != VALUE] = NO_LABEL
        spell = text_speller(program.columns[by], None)
        labelled = table.take(np.flatnonzero(table.states[own] == VALUE))
        unlabelled = labelled.states[by] != VALUE
        labelled.states[by] = VALUE  # a label as any
        _, first = self._seen[column.name].add(tuple_keys(program, labelled, (by, own)))
        for row in np.flatnonzero(first).tolist():
            label = None if unlabelled[row] else str(spell(labelled.value(by, row) or 0))
            texts = self.pools[column.name].setdefault(label, _Texts(self._file, self._lock))
            texts.append(table.texts.text(int(labelled.values[own, row])))

    def close(self) -> None:
        """Forget everything."""
        self._file.close()


def _reduced(program: Program, wanted: Sequence[Column], headers: Sequence[str]) -> Program:
    """The columns that pools are made of, as a program of their own; all columns where a label has to be computed."""
    names = {name for column in wanted for name in (column.name, str(column.pool_by))}
    columns = [column for column in program.columns if column.name in names]
    if any(column.header not in headers for column in columns):
        return program
    return Program(columns=tuple(column.model_copy(update={"derived": None}) for column in columns))
