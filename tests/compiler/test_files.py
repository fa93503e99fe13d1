"""Files that cannot be read as what they are named for: nothing hangs, and the message says why."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from htdbu.compiler import files
from htdbu.compiler.compile import compile_file, read_source
from htdbu.errors import DataError

TABLE = "table t {\n  a : int in 0..9\n}\nhard r: a > 3\n"


def _message(folder: Path, statement: str) -> str:
    (folder / "main.htr").write_text(f"{statement}\n{TABLE}")
    (finding,) = (f for f in compile_file(folder / "main.htr").diagnostics if f.code == "HTR105")
    return finding.message.replace(f"{folder}/", "")


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """A folder with a pipe, a folder, and a link to each of them."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "folder"):
        (tmp_path / f"to-{name}").symlink_to(name)
    return tmp_path


@pytest.mark.parametrize("name", ["pipe", "to-pipe", "folder", "to-folder", "/dev/zero"])
@pytest.mark.parametrize("statement", ['import "{}"', 'lookup l(k -> v) from "{}"'])
def test_what_is_no_regular_file_is_not_read(odd: Path, statement: str, name: str) -> None:
    assert f"{name} cannot be read: it is not a file" in _message(odd, statement.format(name))


@pytest.mark.parametrize("statement", ['import "big"', 'lookup l(k -> v) from "big"'])
def test_a_file_beyond_the_limit_is_not_read(tmp_path: Path, statement: str) -> None:
    with (tmp_path / "big").open("wb") as file:
        file.truncate(files.MOST_MEGABYTES * 2**20 + 1)
    assert "big cannot be read: it is larger than 64 MB" == _message(tmp_path, statement)
    with pytest.raises(DataError, match="larger than 64 MB"):
        read_source(tmp_path / "big")


def test_a_link_to_a_file_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real.htr").write_text("param least = 3\n")
    (tmp_path / "link.htr").symlink_to("real.htr")
    (tmp_path / "main.htr").write_text(f'import "link.htr"\n{TABLE}hard s: a > least\n')
    assert () == compile_file(tmp_path / "main.htr").diagnostics


def test_a_rule_file_may_come_through_a_pipe() -> None:
    reader, writer = os.pipe()
    os.write(writer, TABLE.encode())
    os.close(writer)
    assert read_source(f"/dev/fd/{reader}").text == TABLE
    os.close(reader)


def test_a_rule_file_without_an_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_MOST_BYTES", 1_000)
    with pytest.raises(DataError, match="larger than 64 MB"):
        read_source("/dev/zero")
