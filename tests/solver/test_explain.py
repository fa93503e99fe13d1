"""The story of one row; `python -m tests.solver.test_explain` remakes the snapshots in `fixtures/stories.txt`."""

from __future__ import annotations

import os
from fractions import Fraction
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings

import htdbu
from htdbu.cli.screen import Screen
from htdbu.cli.story_view import show_story
from htdbu.errors import DataError, UsageError
from tests.solver.rule_texts import Drawn, rule_files
from tests.solver.test_reasons import program_of

STORIES = Path(__file__).parent / "fixtures" / "stories.txt"


def parts() -> list[tuple[str, str, str, str]]:
    """Title, rules, table and story of each snapshot."""
    found = []
    for block in STORIES.read_text("utf-8").split("--- ")[1:]:
        title, _, rest = block.partition("\n")
        rules, table, story = (*rest.split("===\n"), "")[:3]
        found.append((title, rules, table, story))
    return found


def told(rules: str, table: str, folder: Path) -> str:
    """What the command line says of row 0."""
    path = folder / "t.htr"
    path.write_text(rules)
    frame = pd.read_csv(StringIO(table), dtype="str", keep_default_na=False)
    story = htdbu.compile(path).explain(frame, 0, threads=1)
    screen = Screen()
    screen.stream = StringIO()
    show_story(screen, story, "t.csv")
    lines = screen.stream.getvalue().replace(f"{folder}{os.sep}", "").splitlines()
    return "".join(f"{line.rstrip()}\n" for line in lines)


def remake() -> None:
    """Write the snapshots anew, to be reviewed by their difference."""
    with TemporaryDirectory() as folder:
        blocks = [
            f"--- {title}\n{rules}===\n{table}===\n{told(rules, table, Path(folder))}"
            for title, rules, table, _ in parts()
        ]
    STORIES.write_text("".join(blocks), "utf-8")


@pytest.mark.parametrize(("rules", "table", "story"), [p[1:] for p in parts()], ids=[p[0] for p in parts()])
def test_stories(rules: str, table: str, story: str, tmp_path: Path) -> None:
    assert story == told(rules, table, tmp_path)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(rule_files(rows=2))
def test_a_story_is_that_of_the_repair_and_nothing_in_it_is_cheaper(drawn: Drawn) -> None:
    program, frame = program_of(drawn)
    result = program.repair(frame, threads=1)
    lines = result.changes[result.changes["row"] == 1]
    story = program.explain(frame, 1, threads=1)
    assert lines["column"].tolist() == [change.column for change in story.changes]
    assert lines["rules"].tolist() == [", ".join(change.rules) for change in story.changes]
    assert [cell or None for cell in lines["after"]] == [change.after for change in story.changes]
    failed = dict(zip(result.unrepaired["row"], result.unrepaired["rules"], strict=True))
    assert failed.get(1, "") == ", ".join(member.name for member in story.conflict)
    if story.price is not None:
        weights = {rule.name: Fraction(rule.weight or 0) for rule in program.rules}
        paid = sum((weights[name] for name in story.pays), Fraction(0))
        assert story.price == paid + sum((change.price for change in story.changes), Fraction(0))
        assert all(kept.version.price is None or kept.version.price >= story.price for kept in story.kept)
        assert {c.column for c in story.changes if c.price} == {kept.column for kept in story.kept}
    for kept in story.kept:
        assert kept.column not in {change.column for change in kept.version.changes}


def test_rows_that_are_not_there_are_refused() -> None:
    program = htdbu.compile_text("table t { a : int in 0..9 }")
    frame = pd.DataFrame({"a": [1, 2]})
    for row in (-1, 2):
        with pytest.raises(UsageError, match=rf"no row {row}\n.*0 to 1"):
            program.explain(frame, row)
    with pytest.raises(UsageError, match="the table has no rows"):
        program.explain(frame.iloc[:0], 0)
    with pytest.raises(UsageError, match="effort"):
        program.explain(frame, 0, effort=0)
    with pytest.raises(DataError, match='no column "a"'):
        program.explain(pd.DataFrame({"b": [1]}), 0)


def test_typed_cells_are_told_as_json_holds_them() -> None:
    program = htdbu.compile_text(
        "table t { a : int in 0..9  b : decimal(1) in 0..9  c : bool  d : date in 2020-01-01..2020-12-31 null }\n"
        "hard r: a >= 5 and b >= 5 and c and d >= 2020-05-01"
    )
    row = {"a": [1], "b": [1.5], "c": [False], "d": pd.to_datetime(["2020-02-01"])}
    story = program.explain(pd.DataFrame(row), 0).to_dict()
    assert {"a": 1, "b": 1.5, "c": False, "d": "2020-02-01"} == story["cells"]
    assert [5, 5.0, True, "2020-05-01"] == [change["after"] for change in story["changes"]]
    assert program.rules[0].name == story["breaks"][0]["rule"]
    assert (None, None) == (story["breaks"][0]["file"], story["breaks"][0]["line"])
    assert "hard r: a >= 5 and b >= 5 and c and d >= 2020-05-01" == story["breaks"][0]["text"]


def test_a_search_that_ends_early_is_told() -> None:
    program = htdbu.compile_text("table t { a : int in 0..9  b : int in 0..9 }\nhard r: a * b == 6")
    story = program.explain(pd.DataFrame({"a": [1], "b": [1]}), 0, engine="cp-sat", effort=1e-12)
    assert ("unknown", None, ()) == (story.status, story.price, story.changes)
    screen = Screen()
    screen.stream = StringIO()
    show_story(screen, story, "t.csv")
    assert "--effort gives it more" in screen.stream.getvalue()


if __name__ == "__main__":
    remake()
