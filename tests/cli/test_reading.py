"""Data files are read as they stand, and what cannot be read says where it goes wrong."""

from __future__ import annotations

import gzip
import io
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
import pytest

from htdbu.cli.layout import Layout
from htdbu.cli.reading import Table, read_table
from htdbu.cli.sources import open_source
from htdbu.errors import DataError


@pytest.fixture
def read(tmp_path: Path) -> Any:
    """Read bytes as if they were a file."""

    def read_bytes(content: bytes, name: str = "data.csv", delimiter: str | None = None) -> Table:
        path = tmp_path / name
        path.write_bytes(content)
        return read_table(str(path), delimiter)

    return read_bytes


def cells(table: Table) -> dict[str, list[str]]:
    return {str(name): list(column) for name, column in table.frame.items()}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"a,b\n1,2\n", {"a": ["1"], "b": ["2"]}),
        (b"a;b\n1,5;2,5\n3,5;4,5\n", {"a": ["1,5", "3,5"], "b": ["2,5", "4,5"]}),
        (b"a\tb\r\n1\t2\r\n", {"a": ["1"], "b": ["2"]}),
        (b"a|b\r1|2\r", {"a": ["1"], "b": ["2"]}),
        (b"id;note\n1;one, two, three\n2;none\n", {"id": ["1", "2"], "note": ["one, two, three", "none"]}),
        (b"\xef\xbb\xbfa,b\n1,2", {"a": ["1"], "b": ["2"]}),
        (b'a,b\n"x\ny","say ""hi"", please"\n', {"a": ["x\ny"], "b": ['say "hi", please']}),
        (b'size,b\n5" disk,2\n', {"size": ['5" disk'], "b": ["2"]}),
        (b"a,b\nNA,null\nNaN,\n", {"a": ["NA", "NaN"], "b": ["null", ""]}),
        (b"a,b\n007,1.500\n 1 ,TRUE\n", {"a": ["007", " 1 "], "b": ["1.500", "TRUE"]}),
        (b"a,b\n\n1,2\n\n\n", {"a": ["1"], "b": ["2"]}),
        (b"\n\na,b\n1,2\n", {"a": ["1"], "b": ["2"]}),
        (b"a\n1\n\n3\n", {"a": ["1", "", "3"]}),
        (b"only\n", {"only": []}),
        (b"only", {"only": []}),
        (b",a\n0,1\n", {"": ["0"], "a": ["1"]}),
        ("a,ü\nx\u2028y,€\n".encode(), {"a": ["x\u2028y"], "ü": ["€"]}),
    ],
)
def test_csv_cells_are_the_text_between_the_delimiters(
    read: Any, content: bytes, expected: dict[str, list[str]]
) -> None:
    assert expected == cells(read(content))


def test_the_layout_is_what_a_written_file_takes_over(read: Any) -> None:
    layout = read(b'\xef\xbb\xbf"a";"b"\r\n"x";1\r\n"y";"2"').layout
    expected = Layout(
        delimiter=";",
        newline="\r\n",
        bom=True,
        final_newline=False,
        quoted_header=True,
        quoted=frozenset("a"),
    )
    assert expected == layout


def test_a_given_delimiter_wins_over_the_one_found(read: Any) -> None:
    assert {"a,b": ["1,2"]} == cells(read(b"a,b\n1,2\n", delimiter=";"))


def test_gzip_is_unpacked_whatever_the_name(read: Any) -> None:
    packed = gzip.compress(b"a,b\n1,2\n")
    assert {"a": ["1"], "b": ["2"]} == cells(read(packed, "data.csv.gz")) == cells(read(packed, "data.csv"))


def test_standard_input_is_csv(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a,b\n1,2\n")))
    assert {"a": ["1"], "b": ["2"]} == cells(read_table("-"))


def test_a_long_file_is_sniffed_from_its_beginning(read: Any) -> None:
    rows = b"".join(b'%d;"a, b"\n' % i for i in range(20_000))
    table = read(b"id;text\n" + rows)
    assert (20_000, 2) == table.frame.shape
    assert frozenset({"text"}) == table.layout.quoted


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "data.csv", "data.csv is empty"),
        (b"\r\n \n", "data.csv", "data.csv is empty"),
        (b"", "data.parquet", "data.parquet is empty"),
        (b"a,b\n1,2\n3\n", "data.csv", "data.csv, line 3: 1 field, but the header has 2"),
        (b'a,b\n"1\n1",2\n1,2,3\n', "data.csv", "data.csv, line 4: 3 fields, but the header has 2"),
        (b'a,b\n1,"2\n3,4\n', "data.csv", "data.csv, line 2: a quote that opens here is never closed"),
        (b"a,b,a\n1,2,3\n", "data.csv", 'data.csv: more than one column is named "a"'),
        (b"a,b\n1,2\n1,\xe9t\xe9\n", "data.csv", "data.csv, line 3, byte 3: not UTF-8 text (0xe9)"),
        (b"\xff\xfea\0,\0", "data.csv", "data.csv is UTF-16 text"),
        (b"\x7fELF\x02\0\0\0", "data.csv", "data.csv is a binary file, not CSV"),
        (b"\x1f\x8b\x08rest", "data.csv.gz", "data.csv.gz: damaged gzip file"),
        (b"PAR1 not really", "data.parquet", "data.parquet cannot be read as Parquet"),
        (b"no feather", "data.feather", "data.feather cannot be read as Feather"),
        (b"PK\3\4", "data.xlsx", "data.xlsx: files of this kind cannot be read"),
    ],
)
def test_what_cannot_be_read_says_where(read: Any, content: bytes, name: str, message: str) -> None:
    with pytest.raises(DataError) as caught:
        read(content, name)
    assert message in caught.value.message


def test_a_missing_file_and_a_directory_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file"):
        read_table(str(tmp_path / "missing.csv"))
    with pytest.raises(DataError, match="is a directory"):
        read_table(str(tmp_path))


def test_typed_files_keep_whole_numbers_and_bools_beside_nulls(tmp_path: Path) -> None:
    columns = {
        "big": pa.array([2**60 + 1, None]),
        "flag": pa.array([True, None]),
        "money": pa.array([Decimal("1.50"), None], pa.decimal128(10, 2)),
        "day": pa.array([date(2024, 2, 29), None]),
        "text": pa.array(["NA", None]),
    }
    pyarrow.parquet.write_table(pa.table(columns), tmp_path / "t.parquet")
    pyarrow.feather.write_feather(pa.table(columns), str(tmp_path / "t.feather"))
    for name in ("t.parquet", "t.feather"):
        frame = read_table(str(tmp_path / name)).frame
        first, second = frame.to_dict("records")
        expected = {
            "big": 2**60 + 1,
            "flag": True,
            "money": Decimal("1.50"),
            "day": date(2024, 2, 29),
            "text": "NA",
        }
        assert expected == first
        assert all(pd.isna(value) for value in second.values())


def test_a_pandas_index_in_a_parquet_file_is_a_column_as_any(tmp_path: Path) -> None:
    pd.DataFrame({"a": [1, 2]}, index=pd.Index([7, 8], name="id")).to_parquet(tmp_path / "t.parquet")
    assert ["a", "id"] == list(read_table(str(tmp_path / "t.parquet")).frame.columns)


@pytest.mark.parametrize("rows", [1, 2, 100])
@pytest.mark.parametrize("ending", ["parquet", "feather"])
def test_a_pandas_index_that_is_a_range_is_a_column_where_it_has_a_name(tmp_path: Path, ending: str, rows: int) -> None:
    path = str(tmp_path / f"t.{ending}")
    write_range(path, pd.RangeIndex(7, 17, 2, name="id"))
    with open_source(path, rows=rows) as source:
        assert ["a", "id"] == source.headers == source.layout.schema.names
        for headers in (["a", "id"], ["id"], ["a"], []):
            pieces = list(source.pieces(headers))
            assert [min(rows, 5 - k) for k in range(0, 5, rows)] == [piece.num_rows for piece in pieces]
            assert [7, 9, 11, 13, 15] == pa.concat_tables(pieces)["id"].to_pylist()
    assert {"a": [0, 1, 2, 3, 4], "id": [7, 9, 11, 13, 15]} == read_table(path).frame.to_dict("list")


def test_a_pandas_index_that_is_a_range_is_no_column_where_it_has_no_name_of_its_own(tmp_path: Path) -> None:
    path = str(tmp_path / "t.parquet")
    for name in (None, "a"):
        write_range(path, pd.RangeIndex(5, name=name))
        assert ["a"] == list(read_table(path).frame.columns)


@pytest.mark.parametrize(
    "note",
    [
        b"",
        b"[]",
        b'{"index_columns": 1}',
        b'{"index_columns": [{"kind": "range", "name": "id", "start": 0, "stop": 9, "step": 1}]}',
        b'{"index_columns": [{"kind": "range", "name": "id", "start": 0, "stop": 5, "step": 0}]}',
        b'{"index_columns": [{"kind": "range", "name": "id", "start": 0, "stop": "5"}]}',
        b'{"index_columns": [{"kind": "range", "name": "id", "start": 1e99, "stop": 5, "step": 1}]}',
    ],
)
def test_a_note_of_pandas_that_does_not_fit_the_rows_counts_for_nothing(tmp_path: Path, note: bytes) -> None:
    table = pa.table({"a": range(5)}).replace_schema_metadata({b"pandas": note})
    pyarrow.parquet.write_table(table, tmp_path / "t.parquet")
    assert ["a"] == list(read_table(str(tmp_path / "t.parquet")).frame.columns)


def write_range(path: str, index: pd.RangeIndex) -> None:
    """Write five rows under an index, as pandas does."""
    table = pa.Table.from_pandas(pd.DataFrame({"a": range(5)}, index=index))
    if path.endswith(".parquet"):
        pyarrow.parquet.write_table(table, path, row_group_size=2)
    else:
        pyarrow.feather.write_feather(table, path, chunksize=2)
