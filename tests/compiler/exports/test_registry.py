"""Exports are found by looking into their folder, named without loading them, and called from the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given, settings

import htdbu
from htdbu.cli import main
from htdbu.compiler import exports
from htdbu.compiler.exports import json_schema, sql
from htdbu.errors import UsageError
from tests.compiler.exports.test_sql_against_check import QUICK, compiled
from tests.solver.rule_texts import Drawn, rule_files

RULES = "table t { x: int in 0..9  y: int in 0..9 }\nhard r: x <= y\nsoft s: x > 1\ntarget m: mean(x) in 1..2\n"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A small rule file."""
    path = tmp_path / "t.htr"
    path.write_text(RULES)
    return path


@pytest.mark.parametrize("name", exports.names())
def test_every_export_is_named_as_its_file(name: str) -> None:
    export = exports.load(name)
    assert name == export.name
    assert export.suffix.startswith(".")
    assert export.summary


def test_naming_them_loads_none_of_what_they_need() -> None:
    code = (
        "import sys\nfrom htdbu.compiler import exports\nassert 'sql' in exports.names()\n"
        "print(sorted({'sqlglot', 'pydantic', 'hypothesis', 'pandera'} & {m.split('.')[0] for m in sys.modules}))"
    )
    assert (
        "[]" == subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    )


@settings(QUICK, max_examples=15)
@given(rule_files())
def test_what_ir_writes_compiles_to_the_same_program(drawn: Drawn) -> None:
    program = compiled(drawn)
    again = htdbu.Program.model_validate_json(exports.render("ir", program))
    assert program == again


def test_an_export_that_is_not_there() -> None:
    with pytest.raises(UsageError, match="there is no export `xml`") as raised:
        exports.load("xml")
    assert "json-schema" in str(raised.value.hint)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--emit", "sql", "--dialect", "oracle"], "`sql` has no dialect `oracle`"),
        (["--emit", "ir", "--dialect", "mysql"], "`ir` has no dialects"),
        (["--dialect", "mysql"], "--dialect says how --emit sql writes"),
    ],
)
def test_dialects_that_do_not_fit(
    rules: Path, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert 2 == main(["compile", str(rules), *arguments])
    assert message in capsys.readouterr().err


def test_a_missing_package_is_named_with_the_way_to_install_it(
    rules: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_sqlglot(name: str, package: str | None = None) -> ModuleSpec | None:
        return None if name == "sqlglot" else find_spec(name, package)

    monkeypatch.setattr(exports, "find_spec", without_sqlglot)
    assert 2 == main(["compile", str(rules), "--emit", "sql"])
    err = capsys.readouterr().err
    assert "needs the package sqlglot, which is not installed" in err
    assert "pip install 'htdbu[sql]'" in err


@pytest.mark.parametrize("dialect", sql.EXPORT.dialects)
def test_the_command_writes_a_file_and_tells_what_is_left_out(
    rules: Path, tmp_path: Path, dialect: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.sql"
    assert 0 == main(["compile", str(rules), "--emit", "sql", "--dialect", dialect, "-o", str(out)])
    assert exports.render("sql", htdbu.compile(rules), dialect=dialect) == out.read_text("utf-8")
    assert "not expressed: m: a target is about the whole table\n" == capsys.readouterr().err


def test_the_command_writes_json_schema_to_standard_output(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == main(["compile", str(rules), "--emit", "json-schema"])
    told = capsys.readouterr()
    assert json.loads(told.out) == json.loads(json_schema.render(htdbu.compile(rules)))
    assert "not expressed: r: it compares `x` and `y`" in told.err


def test_params_reach_the_export(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "p.htr"
    path.write_text("table t { x: int in 0..9 }\nparam least = 2\nhard r: x >= least\n")
    assert 0 == main(["compile", str(path), "--emit", "sql", "--param", "least=5"])
    assert 'CONSTRAINT "r" CHECK ("x" >= 5)' in capsys.readouterr().out


def test_a_file_with_errors_is_not_written(tmp_path: Path) -> None:
    path, out = tmp_path / "p.htr", tmp_path / "out.sql"
    path.write_text("table t { x: int in 0..9 }\nhard r: y >= 1\n")
    assert 1 == main(["compile", str(path), "--emit", "sql", "-o", str(out)])
    assert not out.exists()
