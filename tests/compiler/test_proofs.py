"""What is said of proved findings, and the fixes that delete a rule or tighten a range."""

from __future__ import annotations

import pytest

from htdbu.compiler.diagnostics import Diagnostic, all_kinds
from htdbu.compiler.diagnostics.fixes import apply_fixes
from htdbu.compiler.diagnostics.kinds.htr390_undecided import undecided
from htdbu.compiler.diagnostics.kinds.htr404_lookup_gap import lookup_gap
from htdbu.compiler.diagnostics.kinds.htr406_branch_never_taken import never_taken
from htdbu.compiler.diagnostics.kinds.htr501_infeasible import infeasible
from htdbu.compiler.diagnostics.kinds.htr502_dead_premise import dead_premise
from htdbu.compiler.diagnostics.kinds.htr503_redundant import redundant
from htdbu.compiler.diagnostics.kinds.htr504_duplicate_rule import duplicate
from htdbu.compiler.diagnostics.kinds.htr506_unreachable_level import unreachable
from htdbu.compiler.diagnostics.kinds.htr507_unreachable_bound import unreachable_bound
from htdbu.compiler.diagnostics.kinds.htr603_impossible_target import impossible
from htdbu.compiler.diagnostics.kinds.htr701_data_breaks_rule import breaks
from htdbu.compiler.diagnostics.kinds.htr703_data_breaks_domain import breaks_domain
from htdbu.compiler.diagnostics.view import View, with_fixes
from htdbu.grammar import syntax
from htdbu.grammar.source import Source, Span

TABLE = "table t {\n  a : int in 0..9\n}\n"


def fixed(text: str, finding: Diagnostic) -> str | None:
    """A text with a finding's fix, which is not safe; None where it has none."""
    (done,) = with_fixes([finding], View(Source("a.htr", text)))
    if done.fix is None:
        return None
    assert not done.fix.is_safe
    return apply_fixes(text, [done.fix])[0]


def of_rule(text: str, name: str) -> Diagnostic:
    """The finding that a rule is redundant."""
    rules = View(Source("a.htr", text)).parts(syntax.RuleDecl)
    return redundant(name, next(rule.span for rule in rules if rule.name.value == name), ())


def of_range(text: str, low: str | None, high: str | None, tight: tuple[str, str]) -> Diagnostic:
    """The finding that the ends of the first column's range cannot be reached."""
    column = next(View(Source("a.htr", text)).columns())
    return unreachable_bound(column.name.value, column.name.span, low, high, tight, [("r", None)])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("hard q: a >= 1\n## Why.\nhard r: a >= 0\n", "hard q: a >= 1\n"),
        ("when a > 1 {\n  hard r: a >= 0\n  hard q: a >= 1\n}\n", "when a > 1 {\n  hard q: a >= 1\n}\n"),
        ("when a > 1 {\n  when a > 2 {\n    hard r: a >= 0\n  }\n}\nhard q: a >= 1\n", "hard q: a >= 1\n"),
        ("when a > 1 { hard q: a >= 1 when a > 2 { hard r: a >= 0 } }\n", "when a > 1 { hard q: a >= 1  }\n"),
    ],
)
def test_a_rule_is_deleted_with_what_is_empty_without_it(before: str, after: str) -> None:
    assert TABLE + after == fixed(TABLE + before, of_rule(TABLE + before, "r"))


def test_a_rule_that_an_example_asks_for_is_not_deleted() -> None:
    text = f'{TABLE}hard r: a >= 0\ntest "negative" {{ reject {{ a: -1 }} by r }}\n'
    assert fixed(text, of_rule(text, "r")) is None


@pytest.mark.parametrize(
    ("declared", "low", "high", "tight", "after", "said"),
    [
        ("int in 0..9", "0", None, ("3", "9"), "int in 3..9", "can never be 0, only 3 and more"),
        ("int in -9..9", "-9", "9", ("-3", "3"), "int in -3..3", "can never be -9 or 9, only -3 to 3"),
        ("decimal(2) in -1..", "-1.00", None, ("-0.50", "0.00"), "decimal(2) in -0.5..0", "only -0.5 and more"),
        (
            "decimal(2) in 0..20_000",
            None,
            "20000.00",
            ("0.00", "12000.10"),
            "decimal(2) in 0..12_000.1",
            "can never be 20_000, only up to 12_000.1",
        ),
        (
            "date in 2024-01-01..2024-12-31",
            None,
            "2024-12-31",
            ("2024-01-01", "2024-06-30"),
            "date in 2024-01-01..2024-06-30",
            "can never be 2024-12-31, only up to 2024-06-30",
        ),
    ],
)
def test_a_range_gets_its_tight_ends(
    declared: str, low: str | None, high: str | None, tight: tuple[str, str], after: str, said: str
) -> None:
    text = f"table t {{\n  a : {declared} null\n}}\n"
    finding = of_range(text, low, high, tight)
    assert text.replace(declared, after) == fixed(text, finding)
    assert said in finding.message


def test_a_set_of_values_is_not_turned_into_a_range() -> None:
    text = "table t {\n  a : int in { 1, 5, 9 }\n}\n"
    finding = of_range(text, "1", None, ("5", "9"))
    assert fixed(text, finding) is None
    assert "declare `in 5..9`, or correct the rules" == finding.help


def test_a_conflict_is_reported_at_its_last_rule_that_stands_somewhere() -> None:
    one, two = Span("a.htr", 0, 3), Span("a.htr", 4, 7)
    finding = infeasible([("p", one), ("q", two), ("r", None)], ["q"])
    assert (two, [one], ("p", "q", "r")) == (finding.span, [label.span for label in finding.related], finding.rules)
    assert "no row satisfies `p`, `q` and `r` together" == finding.message
    assert Span("", 0, 0) == infeasible([("p", None)], []).span


@pytest.mark.parametrize(
    ("removal", "help"),
    [
        ([], "correct one of them"),
        (["p"], "to have rows again, remove `p`"),
        (["p", "q", "r"], "to have rows again, remove `p`, `q` and `r`"),
        (["p", "a.domain"], "to have rows again, remove `p` and widen the domain of `a`"),
        (["a.null"], "to have rows again, declare `a` with `null`"),
    ],
)
def test_the_way_out_of_a_conflict_is_said_in_words(removal: list[str], help: str) -> None:
    assert help == infeasible([("p", None), ("q", None)], removal).help


def test_a_dead_premise_names_every_rule_of_the_conflict_but_its_own_is_no_proof() -> None:
    finding = dead_premise(["r"], None, [("q", Span("a.htr", 0, 1))], ["r"])
    assert ("q",) == finding.rules
    assert "where it holds, a row breaks `q` or `r`; so no valid row meets it" == finding.note
    assert "correct the premise or `q`" == finding.help
    assert "correct the premise" == dead_premise(["r", "s"], None, [], ["r", "s"]).help


def test_a_premise_that_the_other_rules_rule_out_alone_leaves_its_own_nothing_to_decide() -> None:
    finding = dead_premise(["r", "s"], None, [("q", None)])
    assert "where it holds, a row breaks `q`; so `r` and `s` never decide anything" == finding.note


def test_soft_rules_that_say_the_same_are_joined_by_their_weights() -> None:
    assert "delete `s`, or correct what it should forbid" == duplicate("s", None, "r", None).help
    help = "delete `s` and add its weight to that of `r`, or correct what it should discourage"
    assert help == duplicate("s", None, "r", None, is_soft=True).help


def test_a_range_with_one_value_left_is_told_without_a_span() -> None:
    finding = unreachable_bound("a", None, "0", "9", ("7", "7"), [])
    assert "the column `a` can never be 0 or 9, only 7" == finding.message


def test_domains_and_nulls_have_their_own_words_beside_them() -> None:
    place = Span("a.htr", 0, 1)
    finding = redundant("r", place, [("q", place), ("a.domain", place), ("a.null", place), ("p", None)])
    said = [label.message for label in finding.related]
    assert [
        "because of this rule",
        "because of the domain of this column",
        "because this column may not be null",
    ] == said
    assert ("q", "a.domain", "a.null", "p") == finding.rules


@pytest.mark.parametrize(
    ("what", "shadow", "witness", "note"),
    [
        ("branch", Span("a.htr", 0, 1), {"a": 1}, "where its condition is true, a branch before it is taken already"),
        ("branch", None, None, "its condition can never be true"),
        ("factor value", None, None, "no row has this value"),
        ("`else`", None, None, "the branches before it take every row"),
    ],
)
def test_a_branch_says_why_it_is_never_taken(
    what: str, shadow: Span | None, witness: dict[str, object] | None, note: str
) -> None:
    finding = never_taken(what, None, shadow, witness)
    assert (f"no row reaches this {what}", note) == (finding.message, finding.note)


def test_keys_and_levels_are_shown_as_a_rule_file_writes_them() -> None:
    assert 'has no value for ("a", 3)' in lookup_gap("l", None, None, ['"a"', "3"], {}).message
    assert 'has no value for "a"' in lookup_gap("l", None, None, ['"a"'], {}).message
    assert 'can never be "a \\"b\\""' in unreachable("c", None, 'a "b"', []).message


def test_targets_come_before_the_rules_that_they_contradict() -> None:
    finding = impossible([("t", Span("a.htr", 0, 1)), ("u", Span("a.htr", 2, 3))], [("r", None)])
    assert ("t", "u", "r") == finding.rules
    assert Span("a.htr", 2, 3) == finding.span
    assert "no table of valid rows meets `t` and `u` together" == finding.message
    assert "no table of valid rows meets `t`" == impossible([("t", None)], []).message


def test_findings_of_data_count_the_rows() -> None:
    assert "1,200 of 40,000 real rows (3.00 %) break the rule `r`" == breaks("r", None, 1_200, 40_000, None).message
    finding = breaks_domain("a", None, 7, 1_000, [f'"{i}"' for i in range(7)])
    assert 'among them "0", "1", "2", "3", "4" and others' == finding.note


def test_an_open_question_says_which_and_why() -> None:
    assert "it stays open whether a holds: too large" == undecided("whether a holds", None, "too large").message


def test_every_proved_kind_has_a_story() -> None:
    proved = [kind for code, kind in all_kinds().items() if code[3] in "4567" and code not in ("HTR604", "HTR704")]
    assert 19 == len(proved)
    assert [] == [kind.code for kind in proved if not 3 <= kind.why.count(". ") + 1 <= 6]
