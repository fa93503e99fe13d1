"""Imports and lookups: what other files bring in, and what is said where they cannot."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import htdbu
from htdbu.compiler.compile import compile_file, compile_source
from htdbu.grammar.source import Source

TABLE = 'table t {\n  age : int in 0..120\n  job : category { "a", "b" }\n}\n'


def _codes(path: Path) -> list[str]:
    return [finding.code for finding in compile_file(path).diagnostics]


def _write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.htr").write_text(text)
    return folder / "main.htr"


def test_an_import_brings_params_defs_and_lookups(tmp_path: Path) -> None:
    other = (
        'param least = 18\ndef old(x) = x >= least\nlookup most(job -> m) { "a" -> 60; "b" -> 70 }\nhard r: ghost > 1\n'
    )
    main = _write(
        tmp_path, main=f'import "other.htr"\n{TABLE}hard a: old(age)\nhard b: age <= most(job)\n', other=other
    )
    program = htdbu.compile(main, params={"least": 21})
    frame = {"age": ["20", "21", "65", "65"], "job": ["a", "a", "a", "b"]}
    report = program.check(pd.DataFrame(frame))
    assert [0, 2] == report.violating.tolist()
    assert ["a", "b"] == [rule.name for rule in program.rules]


@pytest.mark.parametrize(
    ("other", "expected"),
    [(None, ["HTR105"]), ("hard r: (", ["HTR105"]), ('import "main.htr"\n', ["HTR104"]), ("param p = 1\n", ["HTR103"])],
)
def test_an_import_that_brings_nothing_is_told(tmp_path: Path, other: str | None, expected: list[str]) -> None:
    files = {} if other is None else {"other": other}
    main = _write(tmp_path, main=f'import "other.htr"\n{TABLE}hard a: age >= 1\n', **files)
    assert expected == _codes(main)


def test_a_lookup_reads_a_file(tmp_path: Path) -> None:
    (tmp_path / "most.csv").write_text("job,m\na,60\nb,70.5\n")
    main = _write(tmp_path, main=f'lookup most(job -> m) from "most.csv"\n{TABLE}hard b: age <= most(job)\n')
    program = htdbu.compile(main)
    report = program.check(pd.DataFrame({"age": ["61", "70", "71"], "job": ["a", "b", "b"]}))
    assert [0, 2] == report.violating.tolist()


@pytest.mark.parametrize("text", [None, "", "job,x\na,1\n"])
def test_a_lookup_whose_file_does_not_fit_is_told(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "most.csv").write_text(text)
    main = _write(tmp_path, main=f'lookup most(job -> m) from "most.csv"\n{TABLE}hard b: age <= most(job)\n')
    assert "HTR105" in _codes(main)


def test_a_key_that_no_row_has_is_unknown(tmp_path: Path) -> None:
    main = _write(tmp_path, main=f'lookup most(job -> m) {{ "a" -> 60 }}\n{TABLE}hard b: age <= most(job)\n')
    report = htdbu.compile(main).check(pd.DataFrame({"age": ["61", "70"], "job": ["a", "b"]}))
    rule = next(rule for rule in report.rules if rule.name == "b")
    assert (1, 1) == (rule.fail, rule.unknown)


def test_a_path_that_no_file_can_have_is_told() -> None:
    for path in ("a\0b.htr", "x" * 5_000):
        findings = compile_source(Source("main.htr", f'import "{path}"\n')).diagnostics
        assert ["HTR105"] == [finding.code for finding in findings]
