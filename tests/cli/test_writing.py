"""Outputs appear whole or not at all, spelled as the file that was read."""

from __future__ import annotations

import os
import resource
import signal
import stat
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from htdbu.cli.encoding import encode
from htdbu.cli.layout import Layout, sniff
from htdbu.cli.reading import read_table
from htdbu.cli.writing import Outputs, check_outputs
from htdbu.errors import OutputError, UsageError

FRAME = pd.DataFrame({"a": ["1", "2"], "b": ["x", ""]})


def write(texts: dict[str, str]) -> None:
    """Write text files, by path, as the outputs of one command."""
    with Outputs() as outputs:
        for path, text in texts.items():
            outputs.text(path, text)


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n1,2\n",
        b"a,b\n1,2",
        b'"a";"b"\r\n1;"x"\r\n2;"y;z"\r\n',
        b'\xef\xbb\xbfa\tb\n1\t"q ""q"""\n\t\n',
        b"a|b\r1|2\r",
        b'a\n""\n1\n',
        b"a,b\n",
        'a,b\nü,"two\nlines"\n'.encode(),
    ],
)
def test_a_csv_comes_back_byte_for_byte(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(content)
    table = read_table(str(path))
    assert content == encode(table.frame, str(path), table.layout)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["bank-full.csv", "bank-additional-full.csv"])
def test_real_files_come_back_byte_for_byte(data_dir: Path, name: str) -> None:
    path = data_dir / "bank_marketing" / name
    table = read_table(str(path))
    assert path.read_bytes() == encode(table.frame, str(path), table.layout)


TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=6)


@given(st.lists(st.tuples(TEXT, TEXT), max_size=5), st.sampled_from(",;\t|"), st.sampled_from(["\n", "\r\n"]))
def test_any_text_survives_a_way_through_a_csv(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], delimiter: str, newline: str
) -> None:
    path = tmp_path_factory.mktemp("way") / "data.csv"
    frame = pd.DataFrame(rows, columns=["a", "b"], dtype="str")
    path.write_bytes(encode(frame, str(path), Layout(delimiter=delimiter, newline=newline)))
    back = read_table(str(path), delimiter).frame
    assert rows == list(back.itertuples(index=False, name=None))


def test_the_delimiter_that_cuts_all_records_alike_is_found() -> None:
    assert ";" == sniff("a,b;c\n1;2\n3;4\n", None).delimiter
    assert "," == sniff("a,b;c\n1,2\n3,4\n", None).delimiter


def test_typed_cells_are_spelled_for_people() -> None:
    frame = pd.DataFrame(
        {
            "whole": pd.array([1, None], dtype="Int64"),
            "number": [0.1, float("nan")],
            "flag": pd.array([True, None], dtype="boolean"),
            "day": pd.to_datetime(["2024-02-29", None]),
            "moment": pd.to_datetime(["2024-02-29T12:30:00", "2024-03-01T00:00:00"]),
            "level": pd.Categorical(["low", None]),
            "money": [Decimal("1E+2"), None],
            "date": [date(2024, 1, 2), None],
        }
    )
    lines = encode(frame, "out.csv", Layout()).decode().splitlines()
    assert "1,0.1,true,2024-02-29,2024-02-29T12:30:00,low,100,2024-01-02" == lines[1]
    assert ",,,,2024-03-01T00:00:00,,," == lines[2]


def test_a_parquet_file_keeps_its_types_where_the_values_fit(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    columns = {
        "small": pa.array([1, None], pa.int16()),
        "money": pa.array([Decimal("1.50"), None], pa.decimal128(10, 2)),
        "day": pa.array([date(2024, 2, 29), None]),
        "level": pa.array(["low", None]).dictionary_encode(),
    }
    pyarrow.parquet.write_table(pa.table(columns), path)
    table = read_table(str(path))
    written = tmp_path / "again.parquet"
    written.write_bytes(encode(table.frame, str(written), table.layout))
    assert {n: c.type for n, c in columns.items() if n != "level"} == {
        field.name: field.type for field in pyarrow.parquet.read_schema(written) if field.name != "level"
    }
    assert table.frame.equals(read_table(str(written)).frame)
    changed = table.frame.assign(small=pd.array([70_000, None], dtype="Int64"))
    written.write_bytes(encode(changed, str(written), table.layout))
    assert 70_000 == read_table(str(written)).frame.loc[0, "small"]


def test_the_same_table_gives_the_same_bytes_compressed_too() -> None:
    for name in ("t.csv", "t.csv.gz", "t.parquet", "t.feather"):
        assert encode(FRAME, name, Layout()) == encode(FRAME, name, Layout())


def test_several_outputs_appear_together(tmp_path: Path) -> None:
    with Outputs() as outputs:
        outputs.table(str(tmp_path / "t.csv"), FRAME)
        outputs.text(str(tmp_path / "t.html"), "<p>ü</p>")
        assert {".csv", ".html"}.isdisjoint(path.suffix for path in tmp_path.iterdir())
    assert {"t.csv": "a,b\n1,x\n2,\n", "t.html": "<p>ü</p>"} == {
        path.name: path.read_text("utf-8") for path in tmp_path.iterdir()
    }


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, MemoryError, ValueError])
def test_what_interrupts_leaves_the_old_file_and_no_other(tmp_path: Path, interruption: type[BaseException]) -> None:
    (tmp_path / "t.csv").write_text("old")

    def work() -> None:
        with Outputs() as outputs:
            outputs.table(str(tmp_path / "t.csv"), FRAME)
            raise interruption

    with pytest.raises(interruption):
        work()
    assert {"t.csv": "old"} == {path.name: path.read_text() for path in tmp_path.iterdir()}


@pytest.fixture
def small_files() -> Iterator[None]:
    """Let no file grow beyond 8 KiB, as on a disk that is nearly full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.usefixtures("small_files")
def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    texts = {str(tmp_path / "small.txt"): "fits", str(tmp_path / "large.txt"): "x" * 10_000}
    with pytest.raises(OutputError, match="large\\.txt cannot be written: File too large") as caught:
        write(texts)
    assert "free some space" in (caught.value.hint or "")
    assert [] == list(tmp_path.iterdir())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_device_is_written_to_and_not_replaced() -> None:
    with pytest.raises(OutputError, match="No space left"):
        write({"/dev/full": "text"})
    write({"/dev/null": "text"})
    assert stat.S_ISCHR(Path("/dev/full").stat().st_mode)
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_a_link_stays_a_link_and_rights_stay(tmp_path: Path) -> None:
    real, link = tmp_path / "real.txt", tmp_path / "link.txt"
    real.write_text("old")
    real.chmod(0o640)
    link.symlink_to(real)
    write({str(link): "new"})
    assert link.is_symlink()
    assert "new" == real.read_text()
    assert 0o640 == stat.S_IMODE(real.stat().st_mode)


def test_a_new_file_has_the_usual_rights(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write({str(tmp_path / "new.txt"): "new"})
    finally:
        os.umask(before)
    assert 0o640 == stat.S_IMODE((tmp_path / "new.txt").stat().st_mode)


def test_an_interruption_between_two_moves_waits_for_the_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    move = Path.replace

    def move_and_interrupt(self: Path, target: Path) -> Path:
        signal.raise_signal(signal.SIGINT)
        return move(self, target)

    monkeypatch.setattr(Path, "replace", move_and_interrupt)
    heard = signal.signal(signal.SIGINT, signal.default_int_handler)  # a background process may be deaf to it
    try:
        with pytest.raises(KeyboardInterrupt):
            write({str(tmp_path / "one.txt"): "1", str(tmp_path / "two.txt"): "2"})
    finally:
        signal.signal(signal.SIGINT, heard)
    assert {"one.txt", "two.txt"} == {path.name for path in tmp_path.iterdir()}


def test_names_that_cannot_work_are_refused_before_the_work(tmp_path: Path) -> None:
    table = str(tmp_path / "t.csv")
    check_outputs([None, str(tmp_path / "r.html")], tables=[table, None])
    with pytest.raises(UsageError, match="two outputs"):
        check_outputs([], tables=[table, str(tmp_path / "." / "t.csv")])
    with pytest.raises(UsageError, match="standard output"):
        check_outputs([], tables=["-", "-"])
    with pytest.raises(UsageError, match="cannot be written"):
        check_outputs([], tables=[str(tmp_path / "t.xlsx")])
    with pytest.raises(OutputError, match="is a directory"):
        check_outputs([str(tmp_path)])
    with pytest.raises(OutputError, match="there is no folder"):
        check_outputs([], tables=[str(tmp_path / "no" / "t.csv")])
