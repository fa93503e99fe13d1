"""What `synthesize` learns from: the rows of a file, or a model that was fitted to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from htdbu.cli.layout import Layout
from htdbu.cli.model_layout import heard
from htdbu.cli.reading import read_table
from htdbu.errors import UsageError

if TYPE_CHECKING:
    from pandas import DataFrame

    from htdbu.generators import FittedModel

_WAYS_OUT = {"--max-dcr-share": "it takes a model of either half of the rows: give REAL in the place of the model"}


@dataclass(frozen=True)
class Learned:
    """Real rows, or a model that holds them.

    Attributes:
        source: what to synthesize from.
        frame: the real rows.
        layout: of the file that they came from.
        nulls: the texts that were taken for null when the model was fitted.
    """

    source: DataFrame | FittedModel
    frame: DataFrame
    layout: Layout
    nulls: tuple[str, ...] = ()


def learned_rows(
    real: str | None, model: str | None, *, delimiter: str | None, threads: int | None, settled: Mapping[str, object]
) -> Learned:
    """Read the one of the two files that is named.

    Args:
        settled: options that say how a model learns, with their values; None or False where they are not given.

    Raises:
        DataError: it cannot be read.
        UsageError: both are named or none is, or an option that does not go with a model.
    """
    if real is not None and model is not None:
        raise UsageError("both REAL and --model are given, and a model has its own rows", "leave one of them out")
    if real is not None:
        table = read_table(real, delimiter)
        return Learned(table.frame, table.frame, table.layout)
    if model is None:
        raise UsageError("there are no rows to learn from", "name a file of them, or a model: --model MODEL")
    for option, value in {"--delimiter": delimiter, **settled}.items():
        if value is not None and value is not False:
            way_out = _WAYS_OUT.get(option, "that was settled when the model was fitted")
            raise UsageError(f"{option} does not go with --model", way_out)
    from htdbu.generators import load

    fitted = load(model, threads)
    return Learned(fitted, fitted.real, heard(model, fitted.layout), fitted.nulls)
