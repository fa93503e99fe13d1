"""What becomes of a file whose faults the model does not mend: it compiles, and says what was changed and why."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import htdbu
from htdbu.compiler.compile import compile_source
from htdbu.errors import ProviderError
from htdbu.grammar.source import Source
from htdbu.providers.llm.answers import NoRulesError
from htdbu.providers.llm.finishing import Finished, finished
from htdbu.providers.llm.judging import Judge
from tests.providers.llm.table import GOOD, HALF_BROKEN, request


def finish(text: str, **more: object) -> Finished:
    judge = Judge(request(**more))
    return finished(judge, judge.judge(text))


def changes(done: Finished) -> list[tuple[str, str]]:
    return [(change.what, change.how) for change in done.changes]


def test_a_good_file_stays_as_it_is() -> None:
    assert (GOOD.replace("adult:", "adult:  "), []) == (finish(GOOD).text, changes(finish(GOOD)))


def test_a_broken_rule_is_commented_out_with_its_doc_and_the_reason() -> None:
    done = finish(GOOD.replace("age >= 18", "agee >= 18"))
    reason = "# left out: there is no column, param or def `agee` (HTR101)"
    said = f"{reason}\n# ## Only adults save.\n# hard adult: agee >= 18\n"
    assert said in done.text
    assert (["doubled"], [("adult", "left out")]) == (
        [rule.name for rule in htdbu.compile_text(done.text).rules],
        changes(done),
    )


def test_what_depends_on_something_left_out_goes_too() -> None:
    text = GOOD + "param p = = 3\ndef q = age + p\nhard last: q > 3\n"
    assert ["param p = = 3", "q", "last"] == [what for what, _ in changes(finish(text))]


def test_a_hard_rule_that_rows_break_becomes_soft() -> None:
    done = finish(GOOD.replace("age >= 18", "age >= 40"))
    rule = htdbu.compile_text(done.text).rules[0]
    assert ("adult", "soft", [("adult", "made soft")]) == (rule.name, rule.kind, changes(done))
    assert rule.doc is not None
    assert "% of the real rows break it, so it is soft; the model wrote it as hard." in rule.doc


def test_a_forbid_that_rows_break_becomes_the_soft_rule_of_the_same_meaning() -> None:
    before = GOOD.replace("hard adult: age >= 18", "when saved > 0 {\n  forbid adult: age < 40 or (age < 30)\n}")
    soft = htdbu.compile_text(finish(before).text).rules[0]
    hard = htdbu.compile_text(before).rules[0]
    assert ("soft", hard.guard, hard.body) == (soft.kind, soft.guard, soft.body)


def test_a_rule_that_most_rows_break_is_commented_out() -> None:
    done = finish(HALF_BROKEN)
    assert [("adult", "left out")] == changes(done)
    assert "# hard adult: age >= 60" in done.text


def test_a_hard_rule_that_few_rows_break_is_kept_with_its_share() -> None:
    done = finish(GOOD.replace("age >= 18", "age != 35"), min_count=1)
    rule = htdbu.compile_text(done.text).rules[0]
    assert ("hard", []) == (rule.kind, changes(done))
    assert rule.doc is not None
    assert "% of the real rows break it." in rule.doc


def test_tables_rules_that_rows_break_are_left_out() -> None:
    text = GOOD + 'unique (job)\nfd job -> age\nfactor job {\n  "clerk" -> age in 100..120\n}\n'
    done = finish(text)
    expected = [("unique (job)", "left out"), ("fd job -> age", "left out")]
    assert [*expected, ('factor job { "clerk" -> age in 100..120 }', "left out")] == changes(done)


def test_columns_are_loosened_where_that_needs_no_look_at_the_rows() -> None:
    text = GOOD.replace("age   : int in 0..120", "age   : int in 0..120 key")
    text = text.replace("twice : int in 0..200_000", "twice : int in 0..200_000 = 3 * saved")
    done = finish(text)
    columns = htdbu.compile_text(done.text).columns
    assert ([False, None], {"made no key", "made a column of its own"}) == (
        [columns[0].key, columns[3].derived],
        {how for what, how in changes(done) if what in ("age", "twice")},
    )


def test_a_domain_that_rows_lie_outside_of_is_kept_and_noted() -> None:
    done = finish(GOOD.replace("0..120", "0..50"))
    column = htdbu.compile_text(done.text).columns[0]
    assert ("50", []) == (column.domain and column.domain[0].high, changes(done))
    assert "% of the real rows lie outside of this domain." in (column.doc or "")


def test_rules_beyond_the_wanted_number_are_left_out() -> None:
    assert [("doubled", "left out")] == changes(finish(GOOD, max_rules=1))


def test_of_rules_that_cannot_hold_together_what_the_rows_obey_stays() -> None:
    done = finish("".join(GOOD.partition("}\n")[:2]) + "hard child: age < 18\nhard adult: age >= 18\n")
    assert ([("child", "left out")], ["adult"]) == (
        changes(done),
        [r.name for r in htdbu.compile_text(done.text).rules],
    )


def test_a_table_that_never_ends_is_written_anew() -> None:
    done = finish(GOOD.replace("}\n\n## Only", "\n## Only"))
    assert ("the file", "written anew from its sound parts") == changes(done)[0]
    assert 4 == len(htdbu.compile_text(done.text).columns)


PIECES = st.sampled_from(
    ["{", "}", "(", ":", '"', "hard ", "table x {", "\n", "#", "##", " and ", "`", "..", "import ", "é", "\\"]
)


@pytest.mark.slow
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, len(GOOD)), st.integers(0, 12), PIECES), min_size=1, max_size=4))
def test_whatever_is_done_to_a_file_what_comes_out_compiles(cuts: list[tuple[int, int, str]]) -> None:
    text = GOOD
    for place, length, piece in cuts:
        text = text[:place] + piece + text[place + length :]
    try:
        done = finish(text)
    except (NoRulesError, ProviderError):
        return
    assert [] == compile_source(Source("rules.htr", done.text)).errors
