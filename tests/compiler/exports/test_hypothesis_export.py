"""The exported module of strategies is importable and draws what htdbu.testing draws."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import htdbu
from htdbu.compiler.exports import render

ROOT = Path(__file__).parents[3]
TEXT = r"""
## A "table" with \ in it.
table odd { `a b` : int in 0..9 as "it's \"so\""  c : category { "\\", "\"\"\"", "x" } null  d : int = 2 * `a b` }
hard small: `a b` <= 5 or c == "\\"
hard `a rule`: c is null or c != "x"
soft cheap: `a b` < 2
"""
USE = """
from hypothesis import given, settings
import strategies

@settings(max_examples=15, database=None, deadline=None)
@given(strategies.rows(), strategies.invalid_rows("small"), strategies.tables(1, 3))
def test(row, wrong, frame):
    assert row["d"] == 2 * row["it's \\"so\\""]
    assert wrong["it's \\"so\\""] > 5 and wrong["c"] != "\\\\"
    assert strategies.PROGRAM.check(frame).hard_violations == 0

test()
assert strategies.RULES == ("small", "a rule")
"""


def python(code: str, folder: Path) -> None:
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stderr


def test_the_module_draws_rows_of_the_program(tmp_path: Path) -> None:
    (tmp_path / "strategies.py").write_text(render("hypothesis", htdbu.compile_text(TEXT)), "utf-8")
    python(USE, tmp_path)


def test_the_module_names_columns_and_rules_and_is_well_formatted(tmp_path: Path) -> None:
    loans = htdbu.compile(ROOT / "examples/loans/loans.htr")
    source = render("hypothesis", loans)
    head = source.split('"""')[1]
    assert all(column.header in head for column in loans.columns)
    assert all(rule.name in head for rule in loans.rules)
    (tmp_path / "loans.py").write_text(source, "utf-8")
    (tmp_path / "odd.py").write_text(render("hypothesis", htdbu.compile_text(TEXT)), "utf-8")
    for command in (["check"], ["format", "--check", "--line-length", "120"]):
        ruff = [sys.executable, "-m", "ruff", command[0], "--isolated", *command[1:], str(tmp_path)]
        done = subprocess.run(ruff, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert 0 == done.returncode, done.stdout + done.stderr
