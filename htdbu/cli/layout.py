"""How a data file is laid out: its kind, and for CSV the spelling that a written file takes over."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from htdbu.errors import DataError

Kind = Literal["csv", "parquet", "feather"]

SUFFIXES: dict[str, Kind] = {
    "": "csv",
    ".csv": "csv",
    ".data": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".feather": "feather",
}
KNOWN = "use .csv, .csv.gz, .parquet or .feather"
DELIMITERS = ",;\t|"
SAMPLE_RECORDS = 1000


@dataclass(frozen=True)
class Layout:
    """What a file looks like besides its values.

    `quoted` names the columns whose cells all stand in quotes; `schema` is the Arrow schema of a typed file.
    """

    kind: Kind = "csv"
    delimiter: str = ","
    newline: str = "\n"
    bom: bool = False
    final_newline: bool = True
    quoted_header: bool = False
    quoted: frozenset[str] = field(default_factory=frozenset)
    schema: Any = None


def kind_of(path: str) -> Kind | None:
    """The kind of file that a name stands for; None where its ending is of no kind known here."""
    if path == "-":
        return "csv"
    name = Path(path)
    return SUFFIXES.get(name.with_suffix("").suffix if is_gzip(path) else name.suffix.lower())


def is_gzip(path: str) -> bool:
    """Whether a file of that name is written compressed."""
    return path.lower().endswith(".gz")


def require_distinct(path: str, headers: Sequence[str]) -> None:
    """Refuse headers in which a name occurs twice.

    Raises:
        DataError: naming it.
    """
    repeated = [f'"{name}"' for name, count in Counter(headers).items() if count > 1]
    if repeated:
        message = f"{path}: more than one column is named {', '.join(repeated)}"
        raise DataError(message, "give every column a name of its own")


def sniff(sample: str, delimiter: str | None) -> Layout:
    """The layout of a CSV file that begins with `sample`, whole lines without a byte-order mark.

    The delimiter is the one that cuts most records into as many fields as the header, and among such the one
    that gives most fields.
    """
    delimiter = delimiter or max(DELIMITERS, key=lambda mark: _fit(sample, mark))
    records = list(islice(_raw_records(sample, delimiter), SAMPLE_RECORDS + 1))
    header, rows = records[0], records[1:]
    columns = list(zip(*(row for row in rows if len(row) == len(header)), strict=True))
    quoted = (unquote(name) for name, cells in zip(header, columns, strict=False) if _all_quoted(cells))
    line_end = re.search(r"\r\n|\n|\r", sample)
    return Layout(
        delimiter=delimiter,
        newline=line_end.group() if line_end else "\n",
        quoted_header=_all_quoted(header),
        quoted=frozenset(quoted),
    )


def unquote(cell: str) -> str:
    """The text of a field as it stands in a file, quotes included."""
    return cell[1:-1].replace('""', '"') if cell.startswith('"') else cell


def _fit(sample: str, delimiter: str) -> tuple[float, int]:
    """How well a delimiter cuts a sample: the share of records cut as the header is, and their fields."""
    widths = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if row]
    width = widths[0] if widths else 0
    return (widths.count(width) / len(widths) if width > 1 else 0.0), width


def _raw_records(sample: str, delimiter: str) -> Iterator[list[str]]:
    """The records of a sample, their fields as they stand in the file, quotes included; no empty lines."""
    mark = re.escape(delimiter)
    field_and_end = re.compile(rf'("(?:[^"]|"")*"|[^{mark}\r\n]*)({mark}|\r\n|\n|\r|\Z)')
    record: list[str] = []
    for match in field_and_end.finditer(sample):
        text, end = match.groups()
        record.append(text)
        if end != delimiter:
            if record != [""]:
                yield record
            record = []


def _all_quoted(cells: Sequence[str]) -> bool:
    """Whether there are fields and all of them stand in quotes."""
    return bool(cells) and all(cell.startswith('"') for cell in cells)
