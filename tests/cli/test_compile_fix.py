"""`htdbu compile --fix` mends rule files in place, `--diff` shows what it would do, `--format` says how it is told.

`--unsafe-fixes` carries out guesses too; `-` is rules from standard input, mended on standard output.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.conftest import Outcome

Htdbu = Callable[..., Outcome]

BROKEN = """\
table people {
  age : int in 0..120
  job : category { "none", "clerk" }
}
# htr: ignore[HTR206] not needed
hard misspelt: aeg >= 18 && job == 'clerk'
hard level:    job == "clrek"
hard unknown:  salary >= 3
"""
SAFELY = BROKEN.replace("&&", "and").replace("'clerk'", '"clerk"')
MENDED = SAFELY.replace("aeg", "age").replace("clrek", "clerk")


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A rule file with two mistakes that --fix mends, two that need --unsafe-fixes, and one that nothing mends."""
    path = tmp_path / "broken.htr"
    path.write_text(BROKEN)
    return path


def test_the_file_is_mended_and_the_rest_reported(htdbu: Htdbu, broken: Path) -> None:
    outcome = htdbu("compile", broken, "--fix")
    assert (1, "", SAFELY) == (outcome.code, outcome.err, broken.read_text())
    assert 3 == outcome.out.count("error[")
    assert "3 errors, 1 warning; fixed 2" in outcome.out.splitlines()[-1]


def test_guesses_are_carried_out_on_demand(htdbu: Htdbu, broken: Path) -> None:
    outcome = htdbu("compile", broken, "--fix", "--unsafe-fixes")
    assert (1, "", MENDED) == (outcome.code, outcome.err, broken.read_text())
    assert "1 error, 1 warning; fixed 4" in outcome.out.splitlines()[-1]


def test_guesses_are_no_mode_of_their_own(htdbu: Htdbu, broken: Path) -> None:
    outcome = htdbu("compile", broken, "--unsafe-fixes")
    assert (2, "", BROKEN) == (outcome.code, outcome.out, broken.read_text())
    assert "add --fix, or --diff" in outcome.err


def test_a_file_that_is_mended_whole_ends_well(htdbu: Htdbu, broken: Path) -> None:
    broken.write_text(BROKEN.replace("salary", "agee"))
    outcome = htdbu("compile", broken, "--fix", "--unsafe-fixes", "--no-proofs")
    assert (0, MENDED.replace("salary", "age").replace("# htr: ignore[HTR206] not needed\n", "")) == (
        outcome.code,
        broken.read_text(),
    )
    assert outcome.out.endswith("no findings; fixed 6\n")


@pytest.mark.parametrize(
    ("rule", "offer"),
    [
        ("age = 3", "1 error; --fix can mend 1"),
        ("aeg == 3", "1 error; --fix --unsafe-fixes can mend 1"),
        ("age = 3\nhard s: aeg == 3", "2 errors; --fix can mend 1, --unsafe-fixes 1 more"),
        ("other == 3", "1 error"),
    ],
)
def test_without_it_the_summary_says_what_it_could_do(htdbu: Htdbu, broken: Path, rule: str, offer: str) -> None:
    text = f"table people {{\n  age : int in 0..120\n}}\nhard r: {rule}\n"
    broken.write_text(text)
    assert htdbu("compile", broken).out.splitlines()[-1].endswith(f"; {offer}")
    assert broken.read_text() == text


class _Input(io.TextIOWrapper):
    """Standard input that holds a text."""

    def __init__(self, text: str) -> None:
        super().__init__(io.BytesIO(text.encode()))


def test_rules_come_from_standard_input(htdbu: Htdbu, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", _Input(BROKEN))
    outcome = htdbu("compile", "-")
    assert (1, "") == (outcome.code, outcome.err)
    assert " --> <stdin>:6:26\n" in outcome.out
    assert outcome.out.splitlines()[-1].startswith("<stdin>: 2 columns")


def test_rules_from_standard_input_are_mended_on_standard_output(htdbu: Htdbu, monkeypatch: pytest.MonkeyPatch) -> None:
    for text, after in ((BROKEN, SAFELY), (SAFELY, SAFELY)):
        monkeypatch.setattr("sys.stdin", _Input(text))
        outcome = htdbu("compile", "-", "--fix", "--format", "concise")
        assert (1, after) == (outcome.code, outcome.out)
        assert "<stdin>:6:16: error[HTR101]" in outcome.err


def test_standard_input_is_one_thing(htdbu: Htdbu, rules: Path) -> None:
    for call in (("-", "-"), ("-", "--data", "-"), ("-", "--fix", "--emit", "ir")):
        assert 2 == htdbu("compile", *call).code
    assert "- stands for standard input" in htdbu("compile", "-", rules, "-").err


def test_mode_byte_order_mark_and_line_ends_stay(htdbu: Htdbu, broken: Path) -> None:
    broken.write_bytes(b"\xef\xbb\xbf" + BROKEN.replace("\n", "\r\n").encode())
    broken.chmod(0o640)
    htdbu("compile", broken, "--fix", "--unsafe-fixes")
    assert b"\xef\xbb\xbf" + MENDED.replace("\n", "\r\n").encode() == broken.read_bytes()
    assert 0o640 == stat.S_IMODE(broken.stat().st_mode)
    assert [broken] == [*broken.parent.iterdir()]


def test_a_link_stays_a_link(htdbu: Htdbu, broken: Path) -> None:
    link = broken.with_name("link.htr")
    link.symlink_to(broken)
    htdbu("compile", link, "--fix", "--unsafe-fixes")
    assert link.is_symlink()
    assert broken.read_text() == MENDED


def test_a_sound_file_is_not_touched(htdbu: Htdbu, rules: Path) -> None:
    os.utime(rules, (1, 1))
    assert 0 == htdbu("compile", rules, "--fix").code
    assert rules.stat().st_mtime == 1


def test_several_files_are_mended_each_once(htdbu: Htdbu, broken: Path, rules: Path) -> None:
    outcome = htdbu(
        "compile", broken, rules, broken.parent / "." / "broken.htr", "--fix", "--unsafe-fixes", "--format", "json"
    )
    assert outcome.json["summary"]["fixed"] == 4
    assert broken.read_text() == MENDED


def test_the_json_form_is_refused_before_anything_is_written(htdbu: Htdbu, broken: Path, rules: Path) -> None:
    program = rules.with_suffix(".json")
    htdbu("compile", rules, "--emit", "ir", "-o", program)
    outcome = htdbu("compile", broken, program, "--fix")
    assert (2, "", BROKEN) == (outcome.code, outcome.out, broken.read_text())
    assert "JSON form" in outcome.err


def test_a_diff_is_shown_and_nothing_changed(htdbu: Htdbu, broken: Path) -> None:
    outcome = htdbu("compile", broken, "--diff", "--unsafe-fixes")
    assert (1, "would fix 4\n", BROKEN) == (outcome.code, outcome.err, broken.read_text())
    assert outcome.out.startswith(f"--- {broken}\n+++ {broken}\n@@ ")
    assert '-hard level:    job == "clrek"\n' in outcome.out
    assert '+hard level:    job == "clerk"\n hard unknown:' in outcome.out


@pytest.mark.skipif(shutil.which("patch") is None, reason="there is no patch")
@pytest.mark.parametrize(
    "text", [BROKEN, BROKEN.rstrip("\n"), BROKEN.replace("\n", "\r\n"), BROKEN + "# \x0c\u2028 odd"]
)
def test_patch_takes_the_diff(htdbu: Htdbu, broken: Path, text: str) -> None:
    broken.write_bytes(text.encode())
    diff = htdbu("compile", broken, "--diff").out
    subprocess.run(["patch", "--binary", "-s", broken], input=diff.encode(), check=True)
    patched = broken.read_bytes()
    broken.write_bytes(text.encode())
    htdbu("compile", broken, "--fix")
    assert patched == broken.read_bytes()


@pytest.mark.parametrize("arguments", [("--format", "json"), ("--emit", "ir")])
def test_a_diff_is_an_output_of_its_own(htdbu: Htdbu, broken: Path, arguments: tuple[str, ...]) -> None:
    assert 2 == htdbu("compile", broken, "--diff", *arguments).code


def test_headers_of_the_data_are_mended_too(htdbu: Htdbu, rules: Path, table: Path) -> None:
    rules.write_text(rules.read_text().replace("income :", "incom :").replace("income <=", "incom <="))
    outcome = htdbu("compile", rules, "--data", table, "--fix", "--unsafe-fixes")
    assert (0, True) == (outcome.code, 'incom : decimal(2) in 0..1_000_000 as "income"' in rules.read_text())


def test_a_wrong_header_is_replaced(htdbu: Htdbu, rules: Path, table: Path) -> None:
    rules.write_text(rules.read_text().replace("age    : int", 'age    : int as "agge"'))
    htdbu("compile", rules, "--data", table, "--fix", "--unsafe-fixes")
    assert 'age    : int as "age" in 0..120' in rules.read_text()


def test_other_styles_say_on_standard_error_how_many_were_fixed(htdbu: Htdbu, broken: Path) -> None:
    outcome = htdbu("compile", broken, "--fix", "--format", "concise")
    assert ("fixed 2\n", 4) == (outcome.err, len(outcome.out.splitlines()))


def test_params_of_the_call_count_while_a_file_is_mended(htdbu: Htdbu, rules: Path) -> None:
    outcome = htdbu("compile", rules, "--fix", "--param", "working_age=17")
    assert 0 == outcome.code


def test_sarif_github_and_junit_go_to_standard_output(htdbu: Htdbu, broken: Path) -> None:
    assert "2.1.0" == json.loads(htdbu("compile", broken, "--format", "sarif").out)["version"]
    assert htdbu("compile", broken, "--format", "github").out.startswith("::")
    assert "testsuites" == ElementTree.fromstring(htdbu("compile", broken, "--format", "junit").out).tag


@pytest.mark.parametrize("style", ["human", "json", "concise", "github", "junit", "sarif"])
def test_a_file_whose_name_is_no_utf_8_is_reported_in_every_style(htdbu: Htdbu, tmp_path: Path, style: str) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.htr")
    try:
        path.write_text(BROKEN)
    except OSError:
        pytest.skip("this file system takes names in UTF-8 only")
    outcome = htdbu("compile", path, "--format", style)
    assert (1, "") == (outcome.code, outcome.err)
    assert "HTR101" in outcome.out


def test_colours_can_be_demanded_and_forbidden(htdbu: Htdbu, broken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in htdbu("compile", broken).out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in htdbu("compile", broken).out
