"""The cookbook: whole files of a sensible size that compile without findings and hold what their tests say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from docs.generating.blocks import DOCS, blocks
from htdbu.compiler.compile import Compilation, compile_file
from htdbu.compiler.functions import written_names
from htdbu.compiler.lowering import normalise
from htdbu.compiler.program import Column, Program
from htdbu.grammar import syntax
from htdbu.grammar.parser import parse
from htdbu.grammar.source import Source
from htdbu.grammar.words import STATEMENTS, TYPES
from htdbu.solver import repair
from htdbu.solver.spelling import text_speller
from tests.docs.verdicts import from_rows

RECIPES = sorted((DOCS / "cookbook").glob("[0-9]*.htr"))
MODIFIERS = ("null", "key", "fixed", "cost", "as", "format")


@cache
def compiled(path: Path) -> Compilation:
    return compile_file(str(path))


def mutable(program: Program) -> Program:
    """The program with columns that a repair may change, and without rules over several rows."""
    columns = tuple(column.model_copy(update={"fixed": False, "key": False}) for column in program.columns)
    return program.model_copy(update={"columns": columns, "uniques": (), "dependencies": ()})


def random_rows(program: Program, n: int, seed: int) -> pd.DataFrame:
    """Rows whose cells are drawn from their domains, each by itself; some are null where they may be."""
    rng = np.random.default_rng(seed)
    boxes = {column.name: column.box for column in normalise(program).columns}

    def cell(column: Column) -> str:
        if column.nullable and rng.random() < 0.3:
            return ""
        if column.type.kind == "text":
            return f"text {rng.integers(1_000_000)}"
        low, high = boxes[column.name][rng.integers(len(boxes[column.name]))]
        assert low is not None
        assert high is not None
        return str(text_speller(column, None)(int(rng.integers(low, high + 1))))

    stated = [column for column in program.columns if column.derived is None]
    return pd.DataFrame({c.header: pd.Series([cell(c) for _ in range(n)], dtype="object") for c in stated})


def examples(path: Path) -> Iterator[syntax.ExampleDecl]:
    tree = parse(Source(str(path), path.read_text("utf-8")))
    for statement in tree.statements:
        if isinstance(statement, syntax.TestDecl):
            yield from statement.examples


def cell_text(node: syntax.Expression) -> str:
    """A literal of a test block as a cell of a file."""
    match node:
        case syntax.Number(value=value):
            return f"{value:f}"
        case syntax.Unary(operand=operand):
            return f"-{cell_text(operand)}"
        case syntax.Boolean(value=flag):
            return str(flag).lower()
        case syntax.Text(value=text) | syntax.DateText(value=text):
            return text
    assert isinstance(node, syntax.Null)
    return ""


def can_be_completed(program: Program, cells: Mapping[str, str]) -> bool:
    """Whether some row with these cells satisfies all hard rules."""
    columns = tuple(column.model_copy(update={"fixed": column.name in cells}) for column in mutable(program).columns)
    row = {c.header: [cells.get(c.name, "")] for c in columns if c.derived is None}
    given = mutable(program).model_copy(update={"columns": columns})
    return not len(repair(given, pd.DataFrame(row, dtype="object")).unrepaired)


def test_there_are_recipes_enough() -> None:
    assert 25 <= len(RECIPES)
    assert [path.stem for path in RECIPES] == [p.stem for p in sorted((DOCS / "cookbook").glob("[0-9]*.md"))]


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_a_recipe_compiles_without_a_finding_above_info(path: Path) -> None:
    assert [] == [finding.message for finding in compiled(path).diagnostics if finding.severity != "info"]


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_a_recipe_has_a_sensible_size_and_says_what_it_is(path: Path) -> None:
    program = compiled(path).program
    assert 8 <= len(program.columns) <= 25
    assert 6 <= len([rule for rule in program.rules if rule.origin != "factor"]) <= 20
    assert path.read_text("utf-8").startswith("## ")
    assert max(len(line) for line in path.read_text("utf-8").splitlines()) <= 120


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_random_rows_can_be_made_valid(path: Path) -> None:
    program = mutable(compiled(path).program)
    result = repair(program, random_rows(program, n=2, seed=len(path.stem)))
    assert 0 == result.report.violating_after
    assert 0 == len(result.unrepaired)


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_the_test_blocks_of_a_recipe_hold(path: Path) -> None:
    program = compiled(path).program
    kinds = set()
    for example in examples(path):
        cells = {name.value: cell_text(literal) for name, literal in example.cells}
        kinds.add(example.kind)
        if example.by is None:
            assert can_be_completed(program, cells), cells
        elif example.by.value in {rule.name for rule in program.rules}:
            only = [rule.model_copy(update={"kind": "hard"}) for rule in program.rules if rule.name == example.by.value]
            assert not can_be_completed(program.model_copy(update={"rules": tuple(only)}), cells), cells
        else:
            assert re.fullmatch(r"\w+\.domain", example.by.value)
            assert not can_be_completed(program.model_copy(update={"rules": ()}), cells), cells
    assert {"accept", "reject"} == kinds


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_a_page_shows_a_valid_row_and_broken_ones(path: Path) -> None:
    (rows,) = [block for block in blocks(path.with_suffix(".md")) if block.kind == "rows"]
    first, *others = [example.verdict for example in from_rows(rows.text)]
    assert all(part == "valid" or part.endswith("?") for part in first.split("; "))
    assert 3 <= len([verdict for verdict in others if re.search(r"\w(;|$)", verdict) and verdict != "valid"])


def test_the_set_shows_the_whole_language() -> None:
    text = "\n".join(path.read_text("utf-8") for path in RECIPES)
    code = re.sub(r'#[^\n]*|"[^"\n]*"', '""', text)
    wanted = [*STATEMENTS, *TYPES, *MODIFIERS, "ordered", "given", "real", "within", "case", "then", "<=>", "from"]
    assert [] == [word for word in wanted if not re.search(rf"(?<!\w){re.escape(word)}(?!\w)", code)]
    assert [] == [name for name in written_names() if not re.search(rf"\b{name}\(", code)]
