"""Example rows with their verdicts: a CSV block with a last column `verdict`, or a base row with changes."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from functools import cache
from io import StringIO
from typing import NamedTuple

import pandas as pd

from docs.generating.blocks import DOCS, blocks
from htdbu.compiler.expressions import call
from htdbu.compiler.program import Program, Rule
from htdbu.solver import check

_CELL = re.compile(r"\s*(`[^`]+`|[\w.]+)\s*=\s*(\"[^\"]*\"|[^,]*)\s*(?:,|$)")


class Example(NamedTuple):
    """A row and what is said of it: names of the rules that fail; those with a `?` are unknown."""

    cells: Mapping[str, str]
    verdict: str


def from_csv(text: str) -> list[Example]:
    """The rows of a block `csv verdicts`, judged as one table."""
    return [Example(row, row.pop("verdict")) for row in csv.DictReader(StringIO(text))]


def from_rows(text: str, base: Mapping[str, str] | None = None) -> list[Example]:
    """The rows of a block `rows`: `row: CELLS -> VERDICT`, and `with CELLS -> VERDICT`, changes of the row before.

    Args:
        text: the block.
        base: the row that is changed where the block has none of its own.
    """
    found: list[Example] = []
    base = {} if base is None else base
    joined = re.sub(r"\n\s+", " ", text.strip())
    for line in joined.splitlines():
        word, rest = line.split(" ", 1)
        cells, verdict = rest.rsplit("->", 1)
        changed = dict(_cells(cells))
        assert word in ("row:", "with"), line
        assert word == "row:" or changed.keys() <= base.keys(), line
        base = changed if word == "row:" else base
        found.append(Example({**base, **changed}, verdict.strip()))
    return found


def _cells(text: str) -> Iterable[tuple[str, str]]:
    for name, value in _CELL.findall(text):
        yield name.strip("`"), value.strip().strip('"')


def verdicts(program: Program, rows: list[Example]) -> list[str]:
    """What `check` says of the rows of one table, in the form in which the examples say it."""
    known = tuple(_known(rule) for rule in program.rules)
    watched = program.model_copy(update={"rules": program.rules + known, "targets": ()})
    frame = pd.DataFrame([row.cells for row in rows], dtype="object")
    report = check(watched, frame.rename(columns={c.name: c.header for c in program.columns}))
    said: list[list[str]] = [[] for _ in rows]
    for rule in report.rules:
        for row in rule.rows.tolist():
            said[row].append(rule.name)
    return ["; ".join(names) or "valid" for names in said]


def _known(rule: Rule) -> Rule:
    """The rule that fails where a rule is unknown, named as the examples name that."""
    return Rule(name=f"{rule.name}?", kind="hard", body=call("not", call("is_null", rule.outcome)))


@cache
def standard_row() -> Mapping[str, str]:
    """The row that fragments' rows are changes of: the second block of the language's index."""
    return from_rows(blocks(DOCS / "language" / "README.md")[1].text)[0].cells


def agree(expected: str, actual: str) -> bool:
    """Whether the same rules are named, in whatever order."""
    return {part.strip() for part in expected.split(";")} == {part.strip() for part in actual.split(";")}
