"""Files larger than a piece: the bytes and figures of one piece, and faults in late pieces told with their line."""

from __future__ import annotations

import gzip
import io
import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import htdbu
from htdbu.cli import arrow_source, csv_source, main
from htdbu.cli.encoding import encode
from htdbu.cli.layout import Layout
from htdbu.cli.reading import read_table
from htdbu.cli.sources import open_source
from htdbu.datasets import load_loans
from htdbu.solver.streaming import spill
from tests.cli.conftest import Outcome

Htdbu = Callable[..., Outcome]
WHOLE = 1 << 17
LOANS = Path(__file__).parent.parent.parent / "examples" / "loans" / "loans.htr"


@contextmanager
def pieces_of(rows: int) -> Iterator[None]:
    """Have files read in pieces of so many rows."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (csv_source, arrow_source):
            patch.setattr(module, "piece_rows", lambda *_: rows)
        yield


def results(rows: int, arguments: list[object], outputs: list[Path]) -> tuple[int, Any, list[bytes]]:
    """Exit code, JSON and files of a call that reads pieces of so many rows."""
    with pieces_of(rows), redirect_stdout(io.StringIO()) as out:
        code = main([str(argument) for argument in (*arguments, "--format", "json")])
    report = json.loads(out.getvalue())
    report.pop("seconds", None)
    return code, report, [path.read_bytes() for path in outputs]


def assert_pieces_make_no_difference(rules: Path, data: Path, folder: Path, ending: str, sizes: list[int]) -> None:
    """Repair and check a file in one piece and in several, and compare everything."""
    out, changes, rows = folder / f"out{ending}", folder / "changes.csv", folder / "rows.csv"
    for arguments, outputs in (
        (["repair", rules, data, "-o", out, "--changes", changes], [out, changes]),
        (["check", rules, data, "--rows", rows], [rows]),
    ):
        expected = results(WHOLE, arguments, outputs)
        for size in sizes:
            assert expected == results(size, arguments, outputs), size


def broken_loans(n: int = 16) -> pd.DataFrame:
    """Loans of which some break a rule about one row, some one about several, with all kinds of spellings."""
    frame = load_loans(n, random_state=3)
    frame.loc[[1, 8, 9, 13], "age"] = [17, 15, 3, 200]
    frame.loc[[2, 14], "id"] = frame.loc[[5, 5], "id"].to_numpy()
    frame.loc[3, "defaulted"] = True
    frame.loc[7, "income"] = float("nan")
    return frame


CSV_FORMS: dict[str, Callable[[str], bytes]] = {
    "plain": str.encode,
    "mark and no last line end": lambda text: b"\xef\xbb\xbf" + text.rstrip("\n").encode(),
    "returns": lambda text: text.replace("\n", "\r\n").encode(),
    "semicolons": lambda text: text.replace(",", ";").encode(),
    "quotes": lambda text: "\n".join(
        ",".join(f'"{cell}"' for cell in line.split(",")) for line in text.splitlines()
    ).encode(),
}


@pytest.mark.parametrize("form", CSV_FORMS)
def test_csv_in_pieces(tmp_path: Path, form: str) -> None:
    data = tmp_path / "data.csv"
    data.write_bytes(CSV_FORMS[form](broken_loans().assign(note="plain").to_csv(index=False)))
    assert_pieces_make_no_difference(LOANS, data, tmp_path, ".csv", [3, 7])


def test_cells_with_line_ends_quotes_and_delimiters(tmp_path: Path) -> None:
    frame, data = broken_loans(), tmp_path / "data.csv"
    frame["note"] = [f'one "{k}"\nline, and more' if k % 3 else "plain" for k in range(len(frame))]
    frame.to_csv(data, index=False)
    assert_pieces_make_no_difference(LOANS, data, tmp_path, ".csv", [1, 2])
    table = read_table(str(data))
    whole = htdbu.compile(LOANS).repair(table.frame)
    results(3, ["repair", LOANS, data, "-o", tmp_path / "out.csv"], [])
    assert encode(whole.data, "out.csv", table.layout) == (tmp_path / "out.csv").read_bytes()


@pytest.mark.parametrize("ending", [".csv.gz", ".parquet", ".feather", ".csv"])
@pytest.mark.parametrize("read", [".csv.gz", ".parquet", ".feather"])
def test_any_kind_of_file_in_pieces(tmp_path: Path, read: str, ending: str) -> None:
    data, frame = tmp_path / f"data{read}", broken_loans()
    if read == ".csv.gz":
        data.write_bytes(gzip.compress(frame.to_csv(index=False).encode()))
    elif read == ".parquet":
        pa.parquet.write_table(pa.Table.from_pandas(frame), data, row_group_size=11)
    else:
        pa.feather.write_feather(pa.Table.from_pandas(frame), str(data), chunksize=5)
    assert_pieces_make_no_difference(LOANS, data, tmp_path, ending, [7])


TYPED = """
table t {
  n : int in 3..300 null key
  u : int in -5..9
  d : decimal(3) in 0..1234.567 null
  f : decimal(1) in 0.1..9
  b : bool null
  c : category { "p", "q", "new" }
  t : date in 2020-01-01..2020-12-31 null
  m : datetime in 2020-01-01T00:00:00..2020-12-31T00:00:00 null key
  v : int in 1..5
  s : text null
  k : decimal(1) null = d + f
  l : category { "much", "little" } = if n > 100 then "much" else "little"
}
unique (c, b)
fd c -> u
hard some:  n is null or u >= 0
hard large: u == 9 => n == 300
hard none:  b => t is null and n is null
hard new:   u == 8 => c == "new" and d == 1234.567
"""
COLUMNS: dict[str, list[tuple[pa.DataType, list[Any]]]] = {
    "n": [(pa.int8(), [None, 5, 100]), (pa.int64(), [5, 299, None]), (pa.float64(), [None, float("nan"), 5.0])],
    "u": [(pa.uint8(), [0, 8, 9, 200]), (pa.int64(), [-5, 8, 9]), (pa.uint64(), [2**63, 8, 9])],
    "d": [
        (pa.decimal128(5, 2), [Decimal("1.50"), Decimal("999.99"), None]),
        (pa.decimal128(30, 4), [Decimal("1.0005"), Decimal(10**20), Decimal("-0.0015"), None]),
        (pa.float64(), [0.5, 7.0, None]),
        (pa.int64(), [1, 9, None]),
    ],
    "f": [(pa.float32(), [0.1, 5.5, 99.0]), (pa.int64(), [0, 5]), (pa.string(), ["0.1", "5", "x"])],
    "b": [(pa.bool_(), [True, False, None]), (pa.string(), ["Y", "No", None])],
    "c": [(pa.string(), ["p", "q", "z", None]), (pa.dictionary(pa.int8(), pa.string()), ["p", "z", None, "w"])],
    "t": [
        (pa.date32(), [date(2020, 2, 1), date(2022, 1, 1), None]),
        (pa.timestamp("ns"), [datetime(2020, 2, 1), datetime(2021, 1, 1, 5), None]),
        (pa.null(), [None]),
    ],
    "m": [
        (pa.timestamp("s"), [datetime(2020, 2, 1, 5), datetime(2019, 1, 1), None]),
        (pa.timestamp("ms"), [datetime(2020, 2, 1), datetime(2019, 2, 1, 5, 0, 0, 500_000)]),
    ],
    "v": [(pa.int16(), [None]), (pa.float64(), [None, 3.0]), (pa.null(), [None])],
    "s": [(pa.large_string(), ["text-1", "x", None]), (pa.dictionary(pa.int32(), pa.string()), ["x", "y"])],
    "other": [
        (pa.list_(pa.int64()), [[1, 2], [], None]),
        (pa.timestamp("us"), [datetime(2020, 1, 1), datetime(2020, 1, 1, 1)]),
        (pa.dictionary(pa.int32(), pa.string()), ["i", "ii", "iii"]),
        (pa.time32("s"), [None, 3_600]),
    ],
}


@st.composite
def arrow_tables(draw: st.DrawFn) -> pa.Table:
    """Up to eight rows of all kinds of types."""
    n = draw(st.integers(0, 8))
    columns = {}
    for name, kinds in COLUMNS.items():
        kind, cells = draw(st.sampled_from(kinds))
        drawn = draw(st.lists(st.sampled_from(cells), min_size=n, max_size=n))
        plain = kind.value_type if pa.types.is_dictionary(kind) else kind
        columns[name] = pa.array(drawn, plain)
        if plain != kind:
            columns[name] = columns[name].dictionary_encode()
    return pa.table(columns)


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(arrow_tables(), st.sampled_from([".parquet", ".feather"]), st.sampled_from([".parquet", ".feather", ".csv"]))
def test_types_are_those_of_one_piece(
    tmp_path_factory: pytest.TempPathFactory, table: pa.Table, read: str, ending: str
) -> None:
    assert_types_of_one_piece(tmp_path_factory.mktemp("types"), table, read, ending)


@pytest.mark.slow
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(arrow_tables(), st.sampled_from([".parquet", ".feather"]), st.sampled_from([".parquet", ".feather", ".csv"]))
def test_types_of_many_tables_are_those_of_one_piece(
    tmp_path_factory: pytest.TempPathFactory, table: pa.Table, read: str, ending: str
) -> None:
    assert_types_of_one_piece(tmp_path_factory.mktemp("types"), table, read, ending)


def assert_types_of_one_piece(folder: Path, table: pa.Table, read: str, ending: str) -> None:
    rules, data = folder / "t.htr", folder / f"data{read}"
    rules.write_text(TYPED)
    if read == ".parquet":
        pa.parquet.write_table(table, data, row_group_size=3)
    else:
        pa.feather.write_feather(table, str(data), chunksize=3)
    assert_pieces_make_no_difference(rules, data, folder, ending, [1, 3])


LINES = [f"{k},{20 + k % 50},clerk,{k}.50,2001-01-01" for k in range(1, 30)]


@pytest.mark.parametrize(
    ("line", "cells", "message"),
    [
        (28, b"1,2,3", "line 28: 3 fields, but the header has 5"),
        (28, b"9,9,clerk,\xe9,", "line 28, byte 11: not UTF-8 text (0xe9)"),
        (28, b"9,9,clerk,\0,", "is a binary file"),
        (28, b'9,9,"clerk,0,', "line 28: a quote that opens here is never closed"),
        (28, b'9,9,"clerk"s",0,', "line 28: broken quotation"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_a_fault_in_a_late_piece_is_told_with_its_line_and_leaves_no_output(
    htdbu: Htdbu, rules: Path, tmp_path: Path, packed: bool, line: int, cells: bytes, message: str
) -> None:
    data, out, rows = tmp_path / "data.csv", tmp_path / "out.csv", tmp_path / "rows.csv"
    lines = [b"id,age,job,income,since", *(text.encode() for text in LINES)]
    lines[line - 1] = cells
    content = b"\n".join(lines) + b"\n"
    data.write_bytes(gzip.compress(content) if packed else content)
    with pieces_of(3):
        for arguments in (("repair", rules, data, "-o", out), ("check", rules, data, "--rows", rows)):
            outcome = htdbu(*arguments)
            assert (2, "") == (outcome.code, outcome.out)
            assert message in outcome.err
    assert {rules.name, data.name} == {path.name for path in tmp_path.iterdir()}


def test_a_parser_that_reads_ahead_gets_nothing_once_faults_are_looked_for() -> None:
    text = csv_source.Text(io.BytesIO(b"a,b\n1,2\n3,4\n"))
    assert b"a,b\n" == text.read(5)
    text.end()
    assert b"" == text.read(5)


@pytest.mark.parametrize("kind", ["csv.gz", "parquet", "feather"])
def test_a_file_that_is_cut_off_leaves_no_output(htdbu: Htdbu, rules: Path, tmp_path: Path, kind: str) -> None:
    data, out = tmp_path / f"data.{kind}", tmp_path / "out.csv"
    frame = pd.DataFrame([line.split(",") for line in LINES * 400], columns=["id", "age", "job", "income", "since"])
    data.write_bytes(encode(frame.astype("str"), data.name, Layout()))
    whole = data.read_bytes()
    data.write_bytes(whole[:2000] + b"x" * 50 + whole[2050:] if kind != "csv.gz" else whole[:-2000])
    outcome = htdbu("repair", rules, data, "-o", out)
    assert (2, "") == (outcome.code, outcome.out)
    assert data.name in outcome.err
    assert {rules.name, data.name} == {path.name for path in tmp_path.iterdir()}


def test_a_file_that_somebody_writes_to_meanwhile_is_refused(htdbu: Htdbu, rules: Path, table: Path) -> None:
    seen = csv_source.CsvSource.pieces

    def pieces(self: csv_source.CsvSource, headers: Any) -> Iterator[Any]:
        yield from seen(self, headers)
        with table.open("a") as file:
            file.write("6,50,judge,99,\n")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_source.CsvSource, "pieces", pieces)
        outcome = htdbu("repair", rules, table, "-o", table.with_name("out.csv"))
    assert 2 == outcome.code
    assert "has changed while it was read" in outcome.err
    assert not table.with_name("out.csv").exists()


def test_standard_input_and_pipes_are_read_twice(rules: Path, table: Path, tmp_path: Path) -> None:
    program = "import sys\nfrom htdbu.cli import csv_source, main\ncsv_source.piece_rows = lambda *_: 2\n"
    code = f"{program}sys.exit(main(sys.argv[1:]))"
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    outs = []
    for data, feed in (("-", table.read_bytes()), (str(pipe), b"")):
        call = [sys.executable, "-c", code, "repair", str(rules), data, "-o", "-"]
        with subprocess.Popen(call, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            if data != "-":
                pipe.write_bytes(table.read_bytes())
            out, err = process.communicate(feed, timeout=60)
        assert 0 == process.returncode, err
        outs.append(out)
    assert 0 == main(["repair", str(rules), str(table), "-o", str(tmp_path / "out.csv")])
    assert [(tmp_path / "out.csv").read_bytes()] * 2 == outs


def test_a_table_in_its_own_place_and_an_empty_one(htdbu: Htdbu, rules: Path, table: Path) -> None:
    with pieces_of(2):
        assert 0 == htdbu("repair", rules, table, "-o", table).code
        assert 0 == htdbu("check", rules, table).code
        table.write_text("id,age,job,income,since\n")
        assert 0 == htdbu("repair", rules, table, "-o", table).code
    assert "id,age,job,income,since\n" == table.read_text()


@pytest.fixture
def small_files() -> Iterator[None]:
    """Let no file grow beyond 8 KiB, as on a disk that is nearly full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("ending", ["csv", "csv.gz", "parquet", "feather"])
def test_a_full_disk_leaves_nothing(
    htdbu: Htdbu, rules: Path, tmp_path: Path, request: pytest.FixtureRequest, ending: str
) -> None:
    data, out = tmp_path / "data.csv", tmp_path / f"out.{ending}"
    lines = [f"{k},{20 + k * k % 50},clerk,{k * k % 999_983}.50,2001-01-01" for k in range(9_000)]
    data.write_text("id,age,job,income,since\n" + "\n".join(lines) + "\n")
    request.getfixturevalue("small_files")
    with pieces_of(1_000):
        outcome = htdbu("repair", rules, data, "-o", out)
    assert (2, "") == (outcome.code, outcome.out)
    assert f"{out} cannot be written: File too large" in outcome.err
    assert {rules.name, data.name} == {path.name for path in tmp_path.iterdir()}


def test_no_room_for_a_copy_of_standard_input(rules: Path, tmp_path: Path) -> None:
    code = "import sys\nfrom htdbu.cli import main\nsys.exit(main(sys.argv[1:]))"
    call = [sys.executable, "-c", code, "repair", str(rules), "-", "-o", str(tmp_path / "out.csv")]

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))

    feed = b"id,age,job,income,since\n" + b"".join(b"%d,30,clerk,1,\n" % k for k in range(9_000))
    done = subprocess.run(call, input=feed, capture_output=True, preexec_fn=limit, check=False)
    assert 2 == done.returncode
    assert b"a temporary copy of the data cannot be written: File too large" in done.stderr
    assert [rules] == list(tmp_path.iterdir())


def test_no_room_for_what_is_put_aside(
    htdbu: Htdbu, rules: Path, table: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    table.write_text("id,age,job,income,since\n" + "".join(f"{k},9,clerk,0,\n" for k in range(2_000)))
    monkeypatch.setattr(spill, "IN_MEMORY", 1)
    request.getfixturevalue("small_files")
    with pieces_of(500):
        outcome = htdbu("repair", rules, table, "-o", table.with_name("out.csv"))
    assert (2, "") == (outcome.code, outcome.out)
    assert "a temporary file cannot be written: File too large" in outcome.err
    assert {rules, table} == set(table.parent.iterdir())


def test_the_number_of_rows_is_foreseen(tmp_path: Path) -> None:
    data = tmp_path / "data.csv"
    data.write_text("a,b\n" + "".join(f"{k:07},x\n" for k in range(9_000_000 // 10)))
    with open_source(str(data)) as source:
        seen = [(piece.num_rows, source.expected_rows()) for piece in source.pieces(source.headers)]
        assert 900_000 == sum(rows for rows, _ in seen) == source.expected_rows()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_full_device(htdbu: Htdbu, rules: Path, table: Path) -> None:
    with pieces_of(2):
        outcome = htdbu("repair", rules, table, "-o", "/dev/full")
    assert (2, "") == (outcome.code, outcome.out)
    assert "No space left on device" in outcome.err


def test_many_rows_that_nothing_can_mend_are_counted_and_the_first_shown(
    htdbu: Htdbu, rules: Path, tmp_path: Path
) -> None:
    rules.write_text(rules.read_text().replace("0..120", "0..120 fixed").replace('"judge" }', '"judge" } fixed'))
    data = tmp_path / "data.csv"
    data.write_text("id,age,job,income,since\n" + "".join(f"{k},9,clerk,0,\n" for k in range(25)))
    with pieces_of(4):
        outcome = htdbu("repair", rules, data, "-o", tmp_path / "out.csv")
    assert 1 == outcome.code
    assert "25 rows could not be repaired" in outcome.out
    assert 10 == outcome.out.count("infeasible")
    assert "and 15 more" in outcome.out
    assert data.read_bytes() == (tmp_path / "out.csv").read_bytes()
