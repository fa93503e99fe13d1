"""`htdbu compile --simplify`: what it shows in each style, and that it writes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Outcome

Htdbu = Callable[..., Outcome]
LONG = "table t { a : int in 0..9 }\nhard r: not (a > 5)\n"


@pytest.fixture
def long(tmp_path: Path) -> Path:
    path = tmp_path / "long.htr"
    path.write_text(LONG, "utf-8")
    return path


def test_a_proposal_shows_the_rule_before_and_after_and_why(htdbu: Htdbu, long: Path) -> None:
    outcome = htdbu("compile", long, "--simplify")
    assert 0 == outcome.code
    assert "  - hard r: not (a > 5)\n  + hard r: a <= 5\n  why: `not` can be drawn inwards\n" in outcome.out
    assert "proved by CP-SAT on every row of the declared domains" in outcome.out
    assert LONG == long.read_text("utf-8")


def test_the_diff_is_that_of_the_file(htdbu: Htdbu, long: Path) -> None:
    outcome = htdbu("compile", long, "--simplify", "--diff")
    assert "-hard r: not (a > 5)\n+hard r: a <= 5\n" in outcome.out
    assert "1 proposal\n" == outcome.err


def test_json_has_the_proposals(htdbu: Htdbu, long: Path) -> None:
    data = json.loads(htdbu("compile", long, "--simplify", "--format", "json").out)
    (entry,) = data["proposals"]
    assert ("r", 2, "same") == (entry["rule"], entry["line"], entry["kind"])
    assert ("hard r: not (a > 5)", "hard r: a <= 5") == (entry["before"], entry["after"])
    assert "proposals" not in json.loads(htdbu("compile", long, "--format", "json").out)


def test_rules_that_are_short_get_nothing(htdbu: Htdbu, long: Path) -> None:
    long.write_text(LONG.replace("not (a > 5)", "a <= 5"), "utf-8")
    assert "nothing to simplify" in htdbu("compile", long, "--simplify").out


@pytest.mark.parametrize("more", [("--fix",), ("--emit", "ir"), ("--format", "sarif")])
def test_it_goes_with_nothing_that_has_no_place_for_it(htdbu: Htdbu, long: Path, more: tuple[str, ...]) -> None:
    assert 2 == htdbu("compile", long, "--simplify", *more).code
    assert LONG == long.read_text("utf-8")
