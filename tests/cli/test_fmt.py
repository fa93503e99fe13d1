"""`htdbu fmt`: rule files formatted in place, or only looked at."""

from __future__ import annotations

import io
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Outcome

Htdbu = Callable[..., Outcome]

UNFORMATTED = """\
table t { age : int in 0 .. 120
  income: decimal(2) in 0..2_000_000   # a year
}
hard adult: age>=18
"""
FORMATTED = """\
table t {
  age    : int in 0..120
  income : decimal(2) in 0..2_000_000  # a year
}
hard adult: age >= 18
"""
BROKEN = "hard a: x >\nhard   b: y\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A rule file that is not formatted."""
    path = tmp_path / "t.htr"
    path.write_text(UNFORMATTED)
    return path


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A rule file with a syntax error."""
    path = tmp_path / "broken.htr"
    path.write_text(BROKEN)
    return path


def give(text: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let standard input hold a text."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))


def test_a_file_is_formatted_in_place(htdbu: Htdbu, file: Path) -> None:
    assert Outcome(0, "1 file formatted\n", "") == htdbu("fmt", file)
    assert FORMATTED == file.read_text()
    assert Outcome(0, "1 file left as it is\n", "") == htdbu("fmt", file)


def test_mode_link_and_byte_order_mark_stay(htdbu: Htdbu, file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + UNFORMATTED.replace("\n", "\r\n").encode())
    file.chmod(0o640)
    link = file.with_name("link.htr")
    link.symlink_to(file)
    htdbu("fmt", link)
    assert b"\xef\xbb\xbf" + FORMATTED.encode() == file.read_bytes()
    assert 0o640 == stat.S_IMODE(file.stat().st_mode)
    assert {file, link} == set(file.parent.iterdir())
    assert link.is_symlink()


def test_a_formatted_file_is_not_touched(htdbu: Htdbu, file: Path) -> None:
    file.write_text(FORMATTED)
    os.utime(file, (1, 1))
    assert 0 == htdbu("fmt", file).code
    assert 1 == file.stat().st_mtime


def test_a_check_reports_the_files_that_would_change(htdbu: Htdbu, file: Path, rules: Path) -> None:
    outcome = htdbu("fmt", file, rules, file.parent / "." / "t.htr", "--check")
    assert (1, "", UNFORMATTED) == (outcome.code, outcome.err, file.read_text())
    assert ["info[HTR801] this file is not formatted, from line 1 on", f" --> {file}:1:10"] == (
        outcome.out.splitlines()[:2]
    )
    assert "1 file would change, 1 file left as it is" == outcome.out.splitlines()[-1]


def test_a_check_of_formatted_files_ends_well(htdbu: Htdbu, rules: Path) -> None:
    assert Outcome(0, "1 file left as it is\n", "") == htdbu("fmt", rules, "--check")


def test_a_check_as_json(htdbu: Htdbu, file: Path, rules: Path) -> None:
    outcome = htdbu("fmt", file, rules, "--check", "--format", "json")
    assert 1 == outcome.code
    assert [{"file": str(file), "changed": True}, {"file": str(rules), "changed": False}] == outcome.json["files"]
    (finding,) = outcome.json["diagnostics"]
    assert ("HTR801", "not-formatted", "info", str(file), 1, 10) == tuple(
        finding[key] for key in ("code", "name", "severity", "file", "line", "column")
    )


def test_the_fix_of_the_finding_formats_the_file(htdbu: Htdbu, file: Path) -> None:
    (finding,) = htdbu("fmt", file, "--check", "--format", "json").json["diagnostics"]
    (edit,) = finding["fix"]["edits"]
    starts = [0, *(i + 1 for i, sign in enumerate(UNFORMATTED) if sign == "\n")]
    start = starts[edit["line"] - 1] + edit["column"] - 1
    end = starts[edit["end_line"] - 1] + edit["end_column"] - 1
    assert FORMATTED == UNFORMATTED[:start] + edit["text"] + UNFORMATTED[end:]


def test_a_diff_shows_and_changes_nothing(htdbu: Htdbu, file: Path, rules: Path) -> None:
    outcome = htdbu("fmt", file, rules, "--diff")
    assert (0, "1 file would change, 1 file left as it is\n", UNFORMATTED) == (
        outcome.code,
        outcome.err,
        file.read_text(),
    )
    assert outcome.out.startswith(f"--- {file}\n+++ {file}\n@@ ")
    assert "-hard adult: age>=18\n+hard adult: age >= 18\n" in outcome.out
    assert 1 == htdbu("fmt", file, "--diff", "--check").code


def test_standard_input_goes_to_standard_output(htdbu: Htdbu, monkeypatch: pytest.MonkeyPatch) -> None:
    stdout = io.TextIOWrapper(io.BytesIO())
    give(UNFORMATTED.encode(), monkeypatch)
    monkeypatch.setattr(sys, "stdout", stdout)
    assert 0 == htdbu("fmt", "-").code
    assert FORMATTED.encode() == stdout.buffer.getvalue()  # type: ignore[attr-defined]


def test_standard_input_can_be_checked(htdbu: Htdbu, monkeypatch: pytest.MonkeyPatch) -> None:
    give(UNFORMATTED.encode(), monkeypatch)
    outcome = htdbu("fmt", "-", "--check", "--format", "json")
    assert (1, [{"file": "standard input", "changed": True}]) == (outcome.code, outcome.json["files"])


def test_standard_input_with_errors_gives_nothing(htdbu: Htdbu, monkeypatch: pytest.MonkeyPatch) -> None:
    give(BROKEN.encode(), monkeypatch)
    outcome = htdbu("fmt", "-")
    assert (2, "") == (outcome.code, outcome.out)
    assert "error[HTR001]" in outcome.err


def test_standard_input_that_is_no_text_is_refused(htdbu: Htdbu, monkeypatch: pytest.MonkeyPatch) -> None:
    give(b"\xff\xfe", monkeypatch)
    outcome = htdbu("fmt", "-")
    assert (2, "") == (outcome.code, outcome.out)
    assert "standard input is not UTF-8 text" in outcome.err


@pytest.mark.parametrize("option", [(), ("--check",), ("--diff",)])
def test_a_broken_file_is_left_and_the_others_are_formatted(
    htdbu: Htdbu, file: Path, broken: Path, option: tuple[str, ...]
) -> None:
    outcome = htdbu("fmt", broken, file, *option)
    assert (2, BROKEN) == (outcome.code, broken.read_text())
    assert f"error[HTR001] this ends too early: expected an expression\n --> {broken}:1:12" in outcome.err
    assert (UNFORMATTED if option else FORMATTED) == file.read_text()
    assert "1 file with syntax errors" in outcome.err + outcome.out


def test_a_broken_file_as_json(htdbu: Htdbu, broken: Path) -> None:
    outcome = htdbu("fmt", broken, "--check", "--format", "json")
    assert (2, ["HTR001"]) == (outcome.code, [finding["code"] for finding in outcome.json["diagnostics"]])


def test_a_file_that_cannot_be_read_stops_before_anything_is_written(htdbu: Htdbu, file: Path) -> None:
    outcome = htdbu("fmt", file, file.with_name("none.htr"))
    assert (2, "", UNFORMATTED) == (outcome.code, outcome.out, file.read_text())
    assert "there is no file" in outcome.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Missing argument"),
        (("-", "a.htr"), "standard input"),
        (("a.htr", "--diff", "--format", "json"), "--diff"),
        (("-", "--format", "json"), "--check"),
        (("a.json",), "JSON form"),
    ],
)
def test_calls_that_cannot_work_are_refused(htdbu: Htdbu, arguments: tuple[str, ...], message: str) -> None:
    outcome = htdbu("fmt", *arguments)
    assert (2, "") == (outcome.code, outcome.out)
    assert message in outcome.err
