"""Fixes: what carries out a help mends the file and brings nothing new; unasked it is applied only where it is safe.

A case of the fixture files begins with `--- title`; after `===` stand the code, whether the fix is safe, and its title,
and then the mended text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from hypothesis import given, settings
from hypothesis import strategies as st

from htdbu.compiler.compile import compile_json, compile_source
from htdbu.compiler.diagnostics import all_kinds
from htdbu.compiler.diagnostics.fixes import apply_fixes, mend
from htdbu.compiler.diagnostics.model import Diagnostic, Edit, Fix
from htdbu.grammar.source import Source, Span

FILE = "case.htr"
FIXTURES = Path(__file__).parent / "fixes"


def findings(text: str, file: str = FILE) -> list[Diagnostic]:
    return list(compile_source(Source(file, text)).diagnostics)


def said(found: Iterable[Diagnostic]) -> Counter[tuple[str, str]]:
    return Counter((finding.code, finding.message) for finding in found)


def cases() -> list[ParameterSet]:
    """Text before, the fix in words, text after; of the fixture files."""
    found = []
    for path in sorted(FIXTURES.glob("*.txt")):
        for block in path.read_text("utf-8").split("--- ")[1:]:
            title, _, rest = block.partition("\n")
            before, _, rest = rest.partition("\n=== ")
            what, _, after = rest.partition("\n")
            found.append(pytest.param(f"{before}\n", what, after, id=f"{path.stem}: {title}"))
    return found


def fixable() -> list[tuple[str, int]]:
    """The findings with a fix in the failing examples of all kinds: code and number in the file."""
    return [
        (code, i)
        for code, kind in all_kinds().items()
        for i, f in enumerate(findings(kind.failing))
        if f.fix is not None
    ]


@pytest.mark.parametrize(("code", "number"), fixable())
def test_the_fix_of_a_failing_example_mends_it_and_brings_nothing_new(code: str, number: int) -> None:
    text = all_kinds()[code].failing
    before = findings(text)
    fix = before[number].fix
    assert fix is not None
    after = said(findings(apply_fixes(text, [fix])[0]))
    assert after == said(before) - said([before[number]])


def test_these_kinds_have_a_fix_in_their_example() -> None:
    mended = {"HTR002", "HTR101", "HTR103", "HTR106", "HTR201", "HTR202", "HTR203", "HTR204", "HTR205", "HTR206"}
    assert {*mended, "HTR302"} <= {code for code, _ in fixable()}


@pytest.mark.parametrize(("before", "what", "after"), cases())
def test_a_fix_does_what_it_says(before: str, what: str, after: str) -> None:
    code, _, rest = what.partition(" ")
    how, _, wording = rest.partition(" ")
    found = next(f for f in findings(before) if f.code == code and f.fix is not None)
    assert found.fix is not None
    assert (how, wording) == ("safe" if found.fix.is_safe else "unsafe", found.fix.title)
    text, applied = apply_fixes(before, [found.fix])
    assert (after, [found.fix]) == (text, applied)
    left = said(findings(after))
    assert (found.code, found.message) not in left
    assert Counter() == left - said(findings(before))


@pytest.mark.parametrize(
    "text",
    [
        "hard r: ok xor age > 3\n",
        "hard r: ok nand age > 3\n",
        "hard age > 3\n",
        "hard r: age ^ 2 > 3\n",
        "hard r: ok ? age > 3 : true\n",
        "hard r: if ok: age > 3\n",
        "hard r: age > 3 or\n",
        'hard r: job == "clerk\n',
        "hard r: age >= prev(age)\n",
        "factor ok ~ { true: 2%, false: 97% }\n",
        "hard r: age / age > 3\n",
        "hard r: abs(age, 2) > 3\n",
        "param age = 3\n",
    ],
)
def test_where_a_program_cannot_tell_there_is_no_fix(text: str) -> None:
    table = 'table t {\n  age : int in 0..120\n  job : category { "clerk" }\n  ok : bool\n}\n'
    errors = [finding for finding in findings(table + text) if finding.is_error]
    assert errors
    assert {None} == {finding.fix for finding in errors}


def edits(*places: tuple[int, int, str]) -> Fix:
    return Fix("change", tuple(Edit(Span(FILE, start, end), text) for start, end, text in places))


def test_of_overlapping_fixes_the_first_in_text_order_is_applied() -> None:
    first, second, third = edits((0, 3, "x")), edits((2, 5, "y")), edits((6, 6, "z"))
    assert ("xdefz", [first, third]) == apply_fixes("abcdef", [third, second, first])


def test_of_two_insertions_at_one_place_one_waits() -> None:
    assert "abXc" == apply_fixes("abc", [edits((2, 2, "X")), edits((2, 2, "Y"))])[0]


def test_a_fix_is_applied_whole_or_not_at_all() -> None:
    first, second = edits((1, 2, "x")), edits((1, 1, "("), (3, 3, ")"))
    assert "axcd" == apply_fixes("abcd", [first, second])[0] or "a(bc)d" == apply_fixes("abcd", [first, second])[0]


@given(
    st.text("ab\n", max_size=20), st.lists(st.tuples(st.integers(0, 20), st.integers(0, 5), st.text("xy", max_size=3)))
)
def test_what_no_fix_touches_stays(text: str, wanted: list[tuple[int, int, str]]) -> None:
    places = [(min(s, len(text)), min(s + n, len(text)), put) for s, n, put in wanted]
    mended, applied = apply_fixes(text, [edits(place) for place in places])
    removed = sum(edit.span.end - edit.span.start for fix in applied for edit in fix.edits)
    put = sum(len(edit.text) for fix in applied for edit in fix.edits)
    assert len(text) - removed + put == len(mended)
    assert bool(places) == bool(applied)


TABLE = 'table t {\n  age : int in 0..120\n  job : category { "clerk", "judge" }\n}\n'


def mended(text: str, with_unsafe: bool = False) -> tuple[str, int, int]:
    done = mend(TABLE + text, FILE, findings, with_unsafe)
    return done.text.removeprefix(TABLE), len(done.fixed), len(done.refused)


def test_all_fixes_are_applied_in_several_rounds() -> None:
    before = "hard r: aeg = 3 && jbo == 'clerk'\nhard s: job == \"clrek\"\n"
    after = 'hard r: aeg == 3 and jbo == "clerk"\nhard s: job == "clrek"\n'
    assert (after, 3, 0) == mended(before)
    after = 'hard r: age == 3 and job == "clerk"\nhard s: job == "clerk"\n'
    assert (after, 6, 0) == mended(before, with_unsafe=True)


def test_nothing_is_done_to_a_sound_file() -> None:
    assert ("hard r: age >= 3\n", 0, 0) == mended("hard r: age >= 3\n")


@pytest.mark.parametrize(
    "before",
    [
        "param unused = 3\n",
        "hard r: agee >= 3\nhard s: AGE >= 3\n",
        'hard r: job == "clerks"\n',
        'test "t" { reject { agee: 3 } by r }\nhard r: age >= 4\n',
        "hard r: age in [18, 65]\n",
    ],
)
def test_an_unsafe_fix_is_left_to_the_user(before: str) -> None:
    assert (before, 0, 0) == mended(before)
    assert before != mended(before, with_unsafe=True)[0]


def test_a_guess_about_a_warning_waits_until_the_errors_are_mended() -> None:
    before = "param least = 3\nhard r: age >= leest\n"
    assert ("param least = 3\nhard r: age >= least\n", 1, 0) == mended(before, with_unsafe=True)
    assert ("", 1, 0) == mended("param least = 3\n", with_unsafe=True)


def test_a_fix_that_brings_a_new_error_is_undone_and_the_others_stay() -> None:
    before = "hard r: jobb >= 3\nhard s: aeg >= 3\n"
    assert ("hard r: jobb >= 3\nhard s: age >= 3\n", 1, 1) == mended(before, with_unsafe=True)


def test_a_fix_that_only_brings_an_older_mistake_of_its_statement_to_light_is_kept() -> None:
    before = "hard r: age = nowhere\nhard s: job = 3; # no text\nhard t: job == 'clrek'\nhard u: age = \"old\"\n"
    after = 'hard r: age == nowhere\nhard s: job == 3 # no text\nhard t: job == "clrek"\nhard u: age == "old"\n'
    assert (after, 5, 0) == mended(before)


def test_a_fix_that_makes_a_column_readable_is_kept_though_its_bound_is_wrong() -> None:
    before = "table t {\n  age : itn in 0.5..9,\n  day : dtae in 1..2\n}\n"
    done = mend(before, FILE, findings)
    assert before.replace("itn", "int").replace("dtae", "date").replace(",", "") == done.text


def test_a_fix_after_which_its_statement_still_cannot_be_read_is_undone() -> None:
    before = "hard r: age = 3 ? 4 : 5\nhard s: age = 3\n"
    assert ("hard r: age = 3 ? 4 : 5\nhard s: age == 3\n", 1, 1) == mended(before)


def test_a_fix_that_puts_in_what_is_itself_wrong_is_undone() -> None:
    before = "hard r: grÖße > 3\n"
    assert (before, 0, 1) == mended(before)


def test_what_is_declared_with_a_slip_and_used_without_is_left_to_the_user() -> None:
    before = 'table t {\n  incmoe : int in 0..9\n  job : category { "studnet" }\n}\n'
    before += 'hard r: income >= 1\nhard s: income <= 8\nhard t: job == "student" or job in { "student" }\n'
    assert (before, ()) == (lambda done: (done.text, done.fixed))(mend(before, FILE, findings))


def test_an_import_stays_while_what_may_need_it_is_broken(tmp_path: Path) -> None:
    (tmp_path / "lib.htr").write_text("param least = 3\n")
    file = str(tmp_path / "main.htr")
    head, broken = f'{TABLE}import "lib.htr"\n', "hard t: age >= 99 +\n"
    assert head + broken == mend(head + broken, file, lambda text: findings(text, file)).text
    sound = "hard t: age >= 99\n"
    assert TABLE + sound == mend(head + sound, file, lambda text: findings(text, file)).text


def test_what_an_import_offers_is_found_before_the_import_is_deleted(tmp_path: Path) -> None:
    (tmp_path / "lib.htr").write_text("param least = 3\n")
    file = str(tmp_path / "main.htr")
    text = TABLE + 'import "lib.htr"\nhard r: age >= leest\n'
    assert text.replace("leest", "least") == mend(text, file, lambda text: findings(text, file), True).text


def test_an_ignore_stays_while_its_statement_is_broken() -> None:
    before = "# htr: ignore[HTR206]\nhard r: age is null or age == old(3)\nhard s: age is null +\n"
    assert (before, 0, 0) == mended(before)


def test_a_fix_that_brings_an_error_elsewhere_is_undone() -> None:
    before = 'table t {\n  age : itn in 0..9\n  ok : bool\n}\nhard r: age == "old"\nhard s: okk\nhard t: oko\n'
    done = mend(before, FILE, findings, with_unsafe=True)
    assert before.replace("okk", "ok").replace("oko", "ok") == done.text
    assert ["`okk`", "`oko`"] == [finding.message[-5:] for finding in done.fixed]
    assert ["unexpected `itn`"] == [finding.message[:16] for finding in done.refused]


SLIPS = {"==": "=", "and": "&&", "age": "aeg", '"clerk"': "'clerk'", "hard": "hrad", ">=": "=>", ":": "", "{": "("}


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(sorted(SLIPS)), st.integers(0, 9)), max_size=6), st.booleans())
def test_whatever_is_wrong_mending_only_uncovers_errors_and_comes_to_rest(
    slips: list[tuple[str, int]], with_unsafe: bool
) -> None:
    text = TABLE + "".join(f'hard r{i}: age >= {i} and job == "clerk" => age in {{ {i}, 9 }}\n' for i in range(3))
    for word, number in slips:
        places = [found.start() for found in re.finditer(re.escape(word), text)]
        if places:
            place = places[number % len(places)]
            text = text[:place] + SLIPS[word] + text[place + len(word) :]
    before, done = findings(text), mend(text, FILE, findings, with_unsafe)
    after = findings(done.text)
    new = said(f for f in after if f.is_error) - said(f for f in before if f.is_error)
    unread = [sum(f.code.startswith("HTR0") for f in found) for found in (before, after)]
    assert {code for code, _ in new} <= {"HTR101", "HTR102", "HTR201", "HTR202"}
    assert not new or unread[1] < unread[0]
    assert done.text == mend(done.text, FILE, findings, with_unsafe).text


def test_line_ends_of_both_kinds_stay() -> None:
    before = "# htr: ignore[HTR206]\r\nhard r: age => 3\r\n"
    assert ("hard r: age >= 3\r\n", 2, 0) == mended(before)


def test_only_edits_in_the_file_itself_are_applied(tmp_path: Path) -> None:
    library = tmp_path / "lib.htr"
    library.write_text("def old = aeg >= 60\n")
    file = str(tmp_path / "main.htr")
    text = TABLE + 'import "lib.htr"\nhard r: old\n'
    done = mend(text, file, lambda text: findings(text, file))
    assert (text, ()) == (done.text, done.fixed)


@pytest.mark.parametrize(
    "text",
    [
        'param job_name = "clrek"\nhard r: job == job_name\n',
        "param fine = 0.5\nhard r: age == fine\n",
    ],
)
def test_what_comes_from_a_param_is_not_replaced_at_its_use(text: str) -> None:
    assert [None] == [finding.fix for finding in findings(TABLE + text)]


def test_the_json_form_has_no_text_to_fix() -> None:
    program = compile_source(Source(FILE, TABLE + "hard r: age >= 3\n")).program
    text = program.model_dump_json().replace('"op":"column","name":"age"', '"op":"column","name":"aeg"')
    (finding,) = compile_json(Source("case.json", text)).diagnostics
    assert ("HTR101", "did you mean `age`?", None) == (finding.code, finding.help, finding.fix)


def test_what_comes_from_a_file_is_not_replaced_at_its_name(tmp_path: Path) -> None:
    (tmp_path / "pay.csv").write_text("who,pay\nclrek,3\njudge,4\n")
    file = str(tmp_path / "main.htr")
    text = TABLE + 'lookup pay(who -> pay) from "pay.csv"\nhard r: pay(job) >= 3\n'
    (finding,) = findings(text, file)
    assert ("HTR202", 'did you mean "clerk"?', None) == (finding.code, finding.help, finding.fix)
