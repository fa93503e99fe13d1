"""Shorter rules: each idea by example; on random files that the valid rows stay, and that one time is enough."""

from __future__ import annotations

from pathlib import Path
from pkgutil import iter_modules

import pytest

from htdbu.analyses.simplify import applied, rewrites
from htdbu.analyses.simplify.measure import size
from tests.analyses.enumeration import count_rows
from tests.analyses.random_rules import random_program_text
from tests.analyses.simplified import compiled, differences, proposals, simplified

TABLE = """\
table t {
  x : int in 0..10
  y : int in 0..10
  z : int
  c : category { "a", "b", "c", "d" }
  p : bool
  q : bool
}
"""
MOST_ROWS = 3_000
_TEXT = (Path(__file__).parent / "rewrites.txt").read_text("utf-8")
CASES = [case.partition("\n") for case in _TEXT.split("--- ")[1:]]


@pytest.mark.parametrize(("title", "_", "case"), CASES, ids=[title for title, _, _ in CASES])
def test_rules_become_what_is_expected(title: str, _: str, case: str) -> None:
    before, _, after = case.partition("===\n")
    assert after == simplified(TABLE + before).removeprefix(TABLE)


def test_every_file_of_a_rewrite_is_in_the_list() -> None:
    files = {f"{rewrites.__name__}.{info.name}" for info in iter_modules(rewrites.__path__)}
    listed = [getattr(rewrites, name.rpartition(".")[2]).REWRITE for name in sorted(files)]
    assert set(listed) == set(rewrites.REWRITES)
    assert len(listed) == len(rewrites.REWRITES)


@pytest.mark.slow
def test_random_files_keep_their_valid_rows_and_need_no_second_time() -> None:
    for seed in range(60):
        text = random_program_text(seed)
        found = proposals(text)
        after = applied(text, found)
        assert [] == [(proposal.before, proposal.after) for proposal in proposals(after)], text
        before = compiled(text)
        if count_rows(before) <= MOST_ROWS:
            assert [] == differences(before, compiled(after), found), text


def test_a_proposal_says_why_and_what_proves_it() -> None:
    alone, together = proposals(f"{TABLE}hard r: x >= 0 and y <= 3\nhard s: y <= 3 or p\n")
    assert ("r", "same", ()) == (alone.rule, alone.kind, alone.proved_by)
    assert "given the domains, `x >= 0` always holds" == alone.reason
    assert ("s", "together", ("r",)) == (together.rule, together.kind, together.proved_by)
    assert ("hard s: y <= 3 or p", "", "it follows from `r`") == (together.before, together.after, together.reason)


def test_a_comment_inside_a_rule_is_told_to_be_lost() -> None:
    (found,) = proposals(f"{TABLE}hard r: not not (x < y  # of the year before\n)\n")
    assert found.loses_comment


def test_two_rules_that_imply_each_other_do_not_both_go() -> None:
    assert "hard r: x <= y\n" == simplified(f"{TABLE}hard r: x <= y\nhard s: y >= x\n").removeprefix(TABLE)


def test_a_file_with_errors_gets_no_proposals() -> None:
    assert [] == proposals(f"{TABLE}hard r: nothing > 1\n")


@pytest.mark.parametrize(
    ("shorter", "longer"),
    [("x >= y", "not (x < y)"), ("p and q => x", "p => q => x"), ("x in 1..3", "x in { 1, 2, 3 }")],
)
def test_shorter_is_what_takes_less_to_read(shorter: str, longer: str) -> None:
    assert size(shorter) < size(longer)


def test_brackets_and_the_verb_alone_make_nothing_shorter() -> None:
    assert size("hard: (x)") == size("hard: x") == size("forbid: x")
    assert size("x is null") == size("x is not null")
