"""A fitted model: a generator that has learned a table, with the table itself, for as many rule files as come later.

The plan, the selection, fresh keys and the layout of the output all need the real rows, so a model holds them: a model
file is as confidential as the table that it was fitted on.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import Any

import numpy as np
import pandas as pd

import htdbu
from htdbu.compiler.program import Column, ColumnType, Program
from htdbu.errors import DataError, OutputError, UsageError
from htdbu.generators import registry
from htdbu.generators.base import Generator
from htdbu.generators.model_file import BREAKS, NoModelError, pack, unpack
from htdbu.generators.params import params_of, restored
from htdbu.generators.plan.cells import planned_columns
from htdbu.generators.schema import column_of, inferred, stated
from htdbu.generators.stored import Stored
from htdbu.generators.texture import texture_frame
from htdbu.generators.translation import Translated
from htdbu.solver.encoding import NULL_TEXTS, encode
from htdbu.solver.frames import to_pandas
from htdbu.solver.table import EncodedTable

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class FittedModel:
    """What `fit` gives and `synthesize` takes in the place of real rows.

    Attributes:
        real: the table as it was read.
        columns: those that the generator has learned, named by their headers.
        generator: the generator, fitted.
        name: of the generator.
        nulls: further texts that mean null in the table.
        left_out: columns that nothing was learned of, with the reason.
        layout: how the file looked that the table came from, in whatever words its reader has.
        seconds: that fitting took; 0 for a model that was loaded.
    """

    real: pd.DataFrame = field(repr=False)
    columns: tuple[Column, ...] = field(repr=False)
    generator: Generator
    name: str
    nulls: tuple[str, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)
    layout: Mapping[str, Any] = field(default_factory=dict, repr=False)
    seconds: float = 0.0

    def drawing(self, program: Program, table: EncodedTable, drawn: Sequence[int]) -> Generator:
        """The generator, as one that draws columns of a program.

        Args:
            table: the real rows, encoded for the program.
            drawn: the positions of the columns.

        Raises:
            UsageError: the model has not learned one of them.
        """
        own = learned_frame(self.columns, self.real, self.nulls)
        return Translated(
            self.generator, own, {column.header: column for column in self.columns}, program, table, drawn
        )

    def to_dict(self) -> dict[str, Any]:
        """What there is to say of it, as plain data."""
        return {
            "rows": len(self.real),
            "columns": {column.header: _told(column.type) for column in self.columns},
            "left_out": dict(self.left_out),
            "generator": self.name,
            "trained": self.generator.trained,
            "seconds": self.seconds,
        }

    def to_bytes(self) -> bytes:
        """The bytes of its file; the same for the same model.

        Raises:
            UsageError: a generator that cannot be saved, or a table that Parquet cannot hold.
        """
        about = {
            "htdbu": htdbu.__version__,
            "generator": self.name,
            "params": params_of(self.generator),
            "nulls": list(self.nulls),
            "columns": [
                {"header": column.header, "format": column.format, "type": column.type.model_dump(mode="json")}
                for column in self.columns
            ],
            "left_out": dict(self.left_out),
            "layout": dict(self.layout),
        }
        return pack(about, self.real, self.generator.state())

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write it to a file, which appears whole or not at all; see `load`.

        Raises:
            OutputError: the file cannot be written.
            UsageError: see `to_bytes`.
        """
        content, place = self.to_bytes(), Path(path)
        temporary = place.with_name(f".{place.name}.{token_hex(4)}.tmp")
        try:
            try:
                temporary.write_bytes(content)
                temporary.replace(place)
            finally:
                temporary.unlink(missing_ok=True)
        except OSError as error:
            raise OutputError(f"{place} cannot be written: {error.strerror}", "choose another place") from None


def fit(
    real: Any,
    programs: Program | Sequence[Program] = (),
    *,
    generator: str | Generator = registry.DEFAULT,
    random_state: int | None = None,
    threads: int | None = None,
    allow_unique: bool = False,
    nulls: Sequence[str] = (),
    progress: Progress | None = None,
    layout: Mapping[str, Any] | None = None,
    settings: Mapping[str, Any] | None = None,
) -> FittedModel:
    """Learn the texture of a table once, for any rules.

    Args:
        real: the rows to learn from (pandas, polars or Arrow).
        programs: rules that are known already. They say what the columns are, and what they plan is trained for;
            without them types are found out from the cells, and what other rules ask for is trained when they ask.
        generator: the name of a registered generator, or one of your own.
        random_state: seed of all that is learned.
        threads: how many threads may work; all cores by default.
        allow_unique: whether a built-in generator may draw numbers and dates that one real row alone holds.
        nulls: further texts that mean null in `real`.
        progress: called with the models trained and those to be trained.
        layout: kept in the file for whoever reads it.
        settings: parameters of the generator, where it is given by its name.

    Raises:
        DataError: the table has no row, no column to learn, or lacks a column of a program.
        UsageError: an unknown generator.
    """
    started = time.perf_counter()
    frame = to_pandas(real)
    if not len(frame):
        raise DataError("the real table has no rows to learn from", "give at least one row")
    several = (programs,) if isinstance(programs, Program) else tuple(programs)
    if several:
        columns = stated(several, frame)
        left_out = dict.fromkeys(set(frame.columns) - {c.header for c in columns}, "no rule file draws it")
        left_out = {header: left_out[header] for header in frame.columns if header in left_out}
    else:
        columns, left_out = inferred(frame, NULL_TEXTS | set(nulls))
    if not columns:
        raise DataError("the real table has no column to learn from", "keys, texts and derived columns are made anew")
    if random_state is None and isinstance(generator, str):
        random_state = int(np.random.default_rng().integers(2**63))
    name, model = registry.made(generator, random_state, threads, allow_unique, settings)
    model.fit(learned_frame(columns, frame, nulls))
    learned = {column.header for column in columns}
    headers = [[each.columns[i].header for i in planned_columns(each)] for each in several]
    model.prepare([(), *([h for h in planned if h in learned] for planned in headers)], progress)
    seconds = time.perf_counter() - started
    return FittedModel(frame, columns, model, name, tuple(nulls), left_out, layout or {}, seconds)


def load(path: str | os.PathLike[str], threads: int | None = None) -> FittedModel:
    """Read a model that `FittedModel.save` or `htdbu fit` has written; a file from anywhere does no harm.

    Args:
        threads: how many threads the generator may use; all cores by default.

    Raises:
        DataError: the file is missing, no model, damaged, or of another version.
        UsageError: it is of a generator that is not installed.
    """
    try:
        with Path(path).open("rb") as stream:
            about, real, state = unpack(stream)
        return _restored(about, real, Stored(state), threads)
    except OSError as error:
        raise DataError(
            f"{path} cannot be read: {error.strerror or error}", "name a file that htdbu fit wrote"
        ) from None
    except UsageError as error:
        raise UsageError(f"{path}: {error.message}", error.hint) from None
    except NoModelError as error:
        raise DataError(f"{path} {error.message}", _WAY_OUT) from None
    except DataError as error:
        raise DataError(f"{path} is no sound model file: {error.message}", _WAY_OUT) from None
    except BREAKS:
        raise DataError(f"{path} is no sound model file", _WAY_OUT) from None


_FINEST = 18
_WAY_OUT = "fit the table again: htdbu fit REAL -o MODEL"


def _restored(about: dict[str, Any], real: pd.DataFrame, stored: Stored, threads: int | None) -> FittedModel:
    kinds = [ColumnType.model_validate(each["type"]) for each in about["columns"]]
    if not all(0 <= kind.scale <= _FINEST for kind in kinds):
        raise DataError("it has a column of more digits than there are")
    told = zip(about["columns"], kinds, strict=True)
    columns = tuple(column_of(str(each["header"]), kind, each["format"]) for each, kind in told)
    nulls = tuple(str(word) for word in about["nulls"])
    left_out = {str(header): str(reason) for header, reason in about["left_out"].items()}
    generator = restored(about["generator"], about["params"], threads)
    generator.restore(learned_frame(columns, real, nulls), stored)
    stored.require_all_taken()
    return FittedModel(real, columns, generator, about["generator"], nulls, left_out, dict(about["layout"]))


def learned_frame(columns: Sequence[Column], real: pd.DataFrame, nulls: Sequence[str]) -> pd.DataFrame:
    """What the generator sees of the real rows."""
    program = Program(columns=tuple(columns))
    return texture_frame(program, encode(program, real, nulls), range(len(columns)))


def _told(kind: ColumnType) -> str:
    """A type in few words."""
    if kind.kind == "decimal":
        return f"decimal({kind.scale})"
    return f"category of {len(kind.levels)}" if kind.kind == "category" else kind.kind
