"""A table that comes from CSV and goes to a typed file gets the types that the rules declare, and loses no cell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import htdbu
from htdbu.cli.declared_types import DeclaredTypes
from htdbu.cli.encoding import encode
from htdbu.cli.layout import Layout
from htdbu.cli.reading import read_table
from htdbu.cli.typed_cells import text_type
from htdbu.solver.encoding import encode_column
from htdbu.solver.table import BROKEN, NULL
from tests.cli.conftest import Outcome
from tests.cli.test_streaming import LOANS, WHOLE, broken_loans, results

Htdbu = Callable[..., Outcome]
TEXT = text_type()
RULES = """
table t {
  id    : int key
  age   : int in 0..120 null
  pay   : decimal(2) in 0..1_000_000 null
  ok    : bool
  day   : date format "%d.%m.%Y" null
  at    : datetime
  job   : category { "a", "NA" }
  note  : text null
  left  : int fixed
  free  : decimal(1) null = pay / 4
}
hard adult: age >= 18
"""
TABLE = """\
id,age,pay,ok,day,at,job,note,left,more
1,17,10.50,yes,29.02.2024,2024-01-01 10:00:00,a,x,4,007
2,30.0,NA,no,-,2024-01-01,NA,,5,
3,-,1e3,no,01.03.2024,2024-01-01T10:00,a,-,abc,NA
"""
TYPES = {
    "id": pa.int64(),
    "age": pa.int64(),
    "pay": pa.decimal128(18, 2),
    "ok": pa.bool_(),
    "day": pa.date32(),
    "at": pa.timestamp("us"),
    "job": TEXT,
    "note": TEXT,
    "left": TEXT,
    "more": TEXT,
    "free": pa.decimal128(18, 1),
}
CELLS = {
    "id": [1, 2, 3],
    "age": [18, 30, None],
    "pay": [Decimal("10.50"), None, Decimal("1000.00")],
    "ok": [True, False, False],
    "day": [date(2024, 2, 29), None, date(2024, 3, 1)],
    "at": [datetime(2024, 1, 1, 10), datetime(2024, 1, 1), datetime(2024, 1, 1, 10)],
    "job": ["a", "NA", "a"],
    "note": ["x", None, None],
    "left": ["4", "5", "abc"],
    "more": ["007", "", "NA"],
    "free": [Decimal("2.6"), None, Decimal("250.0")],
}
CLUB = """
table club {
  id    : int key
  age   : int in 0..120
  paid  : decimal(2) in 0..100 null
  ok    : bool
  since : date in 2024-01-01..2024-12-31
  note  : text
}
hard adult: age >= 18
"""
CLUB_TYPES = {
    "id": pa.int64(),
    "age": pa.int64(),
    "paid": pa.decimal128(18, 2),
    "ok": pa.bool_(),
    "since": pa.date32(),
    "note": TEXT,
}


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A rule file, and a table with a child in its first row and a cell that nothing mends in its last."""
    (tmp_path / "t.htr").write_text(RULES)
    (tmp_path / "t.csv").write_text(TABLE)
    return tmp_path / "t.htr", tmp_path / "t.csv"


def read(path: Path) -> pa.Table:
    """A typed file as it is."""
    return pa.feather.read_table(path) if path.suffix == ".feather" else pa.parquet.read_table(path)


@pytest.mark.parametrize("ending", ["parquet", "feather"])
@pytest.mark.parametrize("options", [(), ("--targets",)])
def test_a_repair_writes_typed_columns_and_every_cell(
    htdbu: Htdbu, files: tuple[Path, Path], tmp_path: Path, ending: str, options: tuple[str, ...]
) -> None:
    out = tmp_path / f"out.{ending}"
    assert 1 == htdbu("repair", *files, "-o", out, "--null", "-", *options).code  # of a cell that is fixed
    written = read(out)
    assert TYPES == {field.name: field.type for field in written.schema}
    assert CELLS == written.to_pydict()


def test_a_typed_file_is_checked_with_the_figures_of_its_csv(
    htdbu: Htdbu, files: tuple[Path, Path], tmp_path: Path
) -> None:
    reports = []
    for name in ("out.csv", "out.parquet"):
        htdbu("repair", *files, "-o", tmp_path / name, "--null", "-")
        reports.append(htdbu("check", files[0], tmp_path / name, "--null", "-", "--format", "json").json)
    assert reports[0] == reports[1]


@pytest.mark.parametrize("ending", [".parquet", ".feather"])
def test_pieces_get_the_types_of_the_whole_table(tmp_path: Path, ending: str) -> None:
    data, out = tmp_path / "data.csv", tmp_path / f"out{ending}"
    frame = broken_loans().astype(object)
    frame.loc[12, "drawn"] = "7.125"
    frame.loc[3, "note"] = None
    frame.assign(more="007").drop(columns="undrawn").to_csv(data, index=False)
    call: list[object] = ["repair", LOANS, data, "-o", out]
    expected = results(WHOLE, call, [out])
    assert [expected, expected] == [results(size, call, [out]) for size in (1, 7)]
    program, table = htdbu.compile(LOANS), read_table(str(data))
    whole = encode(program.repair(table.frame).data, out.name, table.layout, DeclaredTypes(program))
    assert whole == out.read_bytes()
    types = {field.name: field.type for field in read(out).schema}
    assert (pa.int64(), pa.float64(), pa.decimal128(18, 2)) == (types["age"], types["drawn"], types["undrawn"])


@pytest.fixture
def club(tmp_path: Path) -> tuple[Path, Path]:
    """A rule file, and 200 rows that obey it; `?` is null in them."""
    (tmp_path / "club.htr").write_text(CLUB)
    lines = [f"{k},{20 + k % 40},{k % 7}.50,{'ny'[k % 2]}es,2024-01-{1 + k % 28:02d},a b,x" for k in range(200)]
    lines = [line.replace("nes", "no").replace("6.50", "?") for line in lines]
    (tmp_path / "club.csv").write_text("\n".join(["id,age,paid,ok,since,note,more", *lines]))
    return tmp_path / "club.htr", tmp_path / "club.csv"


@pytest.mark.parametrize("n", [0, 30])
def test_synthetic_rows_are_typed_from_a_model_too(
    htdbu: Htdbu, club: tuple[Path, Path], tmp_path: Path, n: int
) -> None:
    (rules, data), model, out = club, tmp_path / "club.model", tmp_path / "out.parquet"
    arguments = ("--generator", "independent", "--null", "?")
    assert 0 == htdbu("fit", data, "-o", model, *arguments).code
    for source in ((data, *arguments), ("--model", model)):
        assert 0 == htdbu("synthesize", rules, *source, "-n", n, "-o", out).code
        assert CLUB_TYPES == {field.name: field.type for field in read(out).schema}
        assert n == read(out).num_rows
        assert 0 == htdbu("check", rules, out).code
    assert bool(n) == (read(out)["paid"].null_count > 0)


def test_tuned_rows_are_typed(htdbu: Htdbu, club: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "out.feather"
    options = ("--generator", "independent", "--max-rounds", 1, "--null", "?", "--target", "ok")
    outcome = htdbu("tune", *club, "-n", 30, "-o", out, *options)
    assert outcome.code in (0, 1)
    assert CLUB_TYPES == {field.name: field.type for field in read(out).schema}


@pytest.mark.parametrize(
    ("declared", "cells", "kind", "expected"),
    [
        ("int", ["1", "", " 2", "3e1", "4.0"], pa.int64(), [1, None, 2, 30, 4]),
        ("int", [str(2**63 - 1), str(-(2**63))], pa.int64(), [2**63 - 1, -(2**63)]),
        ("int", [str(2**63), "-1", ""], pa.decimal128(38), [Decimal(2**63), Decimal(-1), None]),
        ("int", ["1.5", "", "2"], pa.float64(), [1.5, None, 2.0]),
        ("int", ["1.5", str(2**63)], TEXT, ["1.5", str(2**63)]),
        ("int", ["1", "", "abc", "NA"], TEXT, ["1", None, "abc", None]),
        ("int", ["", "NA"], pa.int64(), [None, None]),
        ("int", [], pa.int64(), []),
        ("decimal(2)", ["1", "-2.5", "NaN"], pa.decimal128(18, 2), [Decimal("1.00"), Decimal("-2.50"), None]),
        ("decimal(2)", ["9999999999999999.99"], pa.decimal128(18, 2), [Decimal("9999999999999999.99")]),
        ("decimal(2)", ["10000000000000000", ""], pa.decimal128(38, 2), [Decimal("1e16"), None]),
        ("decimal(2)", ["1e30", "0.01"], pa.decimal128(38, 2), [Decimal("1e30"), Decimal("0.01")]),
        ("decimal(2)", ["1e300", "0.5"], pa.float64(), [1e300, 0.5]),
        ("decimal(2)", ["0.125", "", "+.5"], pa.float64(), [0.125, None, 0.5]),
        ("decimal(2)", ["0.12345678901234567890"], TEXT, ["0.12345678901234567890"]),
        ("decimal(18) in 0..0.001", ["0.000000000000000001"], pa.decimal128(18, 18), [Decimal("1e-18")]),
        ("decimal(18) in 0..0.001", ["1"], pa.decimal128(38, 18), [Decimal(1)]),
        ("bool", ["T", "f", "1", "No", ""], pa.bool_(), [True, False, True, False, None]),
        ("bool", ["true", "maybe"], TEXT, ["true", "maybe"]),
        ("date", ["2024-02-29", "", "0001-01-01"], pa.date32(), [date(2024, 2, 29), None, date(1, 1, 1)]),
        ("date", ["2024-02-30"], TEXT, ["2024-02-30"]),
        ("datetime", ["9999-12-31T23:59:59", ""], pa.timestamp("us"), [datetime(9999, 12, 31, 23, 59, 59), None]),
        (
            "datetime",
            [" 2024-01-01 10:00:00.5", "NA", "2024-01-01"],
            pa.timestamp("us"),
            [datetime(2024, 1, 1, 10, 0, 0, 500_000), None, datetime(2024, 1, 1)],
        ),
        (
            "datetime",
            ["2024-01-01 10:00:00.000000001"],
            pa.timestamp("ns"),
            [pd.Timestamp("2024-01-01 10:00:00.000000001")],
        ),
        ("datetime", ["2024-01-01T10:00:00Z"], TEXT, ["2024-01-01T10:00:00Z"]),
        (
            'datetime format "%Y-%m-%d %H:%M:%S.%f"',
            ["2024-01-01 10:00:00.250000"],
            TEXT,
            ["2024-01-01 10:00:00.250000"],
        ),
        ('category { "a", "NA" }', ["a", "", "NA", "z"], TEXT, ["a", None, "NA", "z"]),
        ("text", ["a", "", "NA", " "], TEXT, ["a", None, None, " "]),
    ],
)
def test_the_first_type_that_keeps_every_cell(
    declared: str, cells: list[str], kind: pa.DataType, expected: list[Any]
) -> None:
    content = encoded(declared, [cells])
    assert kind == content.schema.field("c").type
    assert expected == content["c"].to_pylist()


WORDS = {
    "int": ["1", "-7", "2.5", " 3", "1e2", str(2**62), str(2**64), "x", "", "?"],
    "decimal(1)": ["1.5", "-7", "2.25", "1e2", "1e17", "1e40", "0.1234567890123456789", "x", "", "?"],
    "bool": ["yes", "NO", "1", "x", "", "?"],
    "date": ["2024-02-29", "2023-02-29", "", "?"],
    "datetime": ["2024-02-29", "2024-02-29 10:00:00.25", "2024-02-29T10:00:00.1234567", "x", "?"],
    'category { "a", "?" }': ["a", "b", "", "?"],
    "text": ["a", "", "?"],
}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_parts_get_one_type_and_every_cell_is_read_as_it_was(data: st.DataObject) -> None:
    declared = data.draw(st.sampled_from(list(WORDS)))
    words = data.draw(st.lists(st.sampled_from(WORDS[declared]), unique=True, min_size=1))
    parts: list[list[str]] = data.draw(st.lists(st.lists(st.sampled_from(words), max_size=3), min_size=1, max_size=3))
    written = encoded(declared, parts)
    cells = [cell for part in parts for cell in part]
    assert encoded(declared, [cells]).equals(written)
    (column,) = htdbu.compile_text(f"table t {{ c : {declared} null }}").columns
    before = encode_column(column, pd.Series(cells, dtype="str"), ["?"])
    after = encode_column(column, pd.Series(written["c"].to_pylist(), dtype=object), [])
    assert (before.states.tolist(), before.huge) == (after.states.tolist(), after.huge)
    assert before.rounded == after.rounded
    known = (before.states != NULL) & (before.states != BROKEN)
    if column.type.kind != "text":  # whose numbers are those of each table
        assert before.values[known].tolist() == after.values[known].tolist()


def encoded(declared: str, parts: list[list[str]]) -> pa.Table:
    """A column of texts in parts, under the types that it gets; `?` is null."""
    program = htdbu.compile_text(f"table t {{ c : {declared} null }}")
    types = DeclaredTypes(program, ["?"])
    frames = [pd.DataFrame({"c": pd.Series(part, dtype="str")}) for part in parts]
    schema = types.schema(["c"], lambda: [frame.__getitem__ for frame in frames])
    return pa.concat_tables(types.table(schema, frame.__getitem__) for frame in frames).combine_chunks()


def test_a_typed_table_keeps_its_own_types() -> None:
    program = htdbu.compile_text("table t { c : decimal(2) }")
    frame = pd.DataFrame({"c": [1.5, 2.25]})
    content = encode(frame, "out.parquet", Layout(), DeclaredTypes(program))
    assert pa.float64() == pa.parquet.read_table(pa.BufferReader(content)).schema.field("c").type
