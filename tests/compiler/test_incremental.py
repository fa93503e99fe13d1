"""A session of edits finds exactly what compiling the whole text anew finds, whatever is typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from htdbu.compiler.compile import Compilation, compile_source
from htdbu.compiler.diagnostics import to_json
from htdbu.compiler.incremental import Session
from htdbu.datasets import loans_rules
from htdbu.grammar.source import Source
from tests.grammar.dump import tree_lines
from tests.grammar.test_recovery import OTHERS, SAMPLE

FIXTURES = Path(__file__).parent / "fixtures"
SMALL = """\
table t {
  a : int in 0..9
  b : int in 0..9 null
  flag_x : bool
  d : int = a + b
  c : category { "x", "y" }
}
param p = 3
def sum_of(u) = u + b
hard r: a <= p
# htr: ignore[HTR206] said on purpose
hard s: a is null or sum_of(a) <= d
when c == "x" {
  soft(2) t: d > 1
  forbid u: count([flag_*]) > 0
}
hard v: b / (d + 1) >= 0
"""
NAMED = [
    case.partition("===\n")[0].partition("\n")[2]
    for p in sorted(FIXTURES.glob("*.txt"))
    for case in p.read_text().split("--- ")[1:]
]


def _shown(compilation: Compilation, text: str) -> tuple[object, ...]:
    program = compilation.program
    spans = [(rule.name, rule.span and (rule.span.start, rule.span.end)) for rule in program.rules]
    return to_json(compilation.diagnostics, compilation.sources, []), program.model_dump_json(), spans


def _agree(session: Session, text: str) -> None:
    source = Source("a.htr", text)
    whole = compile_source(source)
    edited = session.compile(source)
    assert _shown(whole, text) == _shown(edited, text)


@st.composite
def _edit(draw: st.DrawFn, text: str) -> str:
    """The text after one edit: a stretch replaced by a sign, a line or another stretch of the text."""
    start = draw(st.integers(0, len(text)))
    end = min(len(text), start + draw(st.sampled_from([0, 0, 0, 1, 1, 3, 20, 80])))
    lines = text.splitlines(keepends=True)
    put = draw(
        st.one_of(st.just(""), st.sampled_from(OTHERS), st.sampled_from(lines or [""]), st.sampled_from("abdp+<\n 1"))
    )
    return text[:start] + put + text[end:]


@pytest.mark.parametrize("text", [SMALL, SAMPLE, loans_rules()], ids=["small", "sample", "loans"])
@given(data=st.data())
@settings(max_examples=12, deadline=None)
def test_any_edits_are_answered_as_if_the_text_were_new(text: str, data: st.DataObject) -> None:
    session = Session()
    for _ in range(6):
        _agree(session, text)
        text = data.draw(_edit(text))
    _agree(session, text)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("param p = 3", "param p = 30_000"),
        ("a : int in 0..9\n", "a : int in 0..9_000_000_000_000_000_000\n"),
        ("b : int in 0..9 null", "b : int in 0..9"),
        ("u + b", "u + bb"),
        ("u + b", "u * b * 1_000_000_000_000_000_000"),
        ("d : int = a + b", "d : int = a - b - 1"),
        ('{ "x", "y" }', '{ "z", "y" }'),
        ("flag_x : bool", "flag_x : bool\n  flag_y : int"),
        ("hard s", "hard r"),
        ("table t {\n", "## Doc.\ntable t {\n"),
        ("hard r", "\n\n## Why r.\nhard r"),
        ('when c == "x"', 'when c == "y" and a > 1'),
        ("# htr: ignore[HTR206] said on purpose\n", ""),
        ("soft(2) t", "soft(0) t"),
        ("param p = 3", "param p = 3\nlookup sum_of(k -> v) { 1 -> 2 }"),
        ("param p = 3", "def a = 1\nparam p = 3"),
    ],
)
def test_what_an_edit_changes_elsewhere_is_found_and_undone(old: str, new: str) -> None:
    assert old in SMALL
    session = Session()
    for text in (SMALL, SMALL.replace(old, new, 1), SMALL, SMALL + "\n" + SMALL, SMALL):
        _agree(session, text)


@pytest.mark.parametrize("word", ["param", "hard", "def"])
def test_a_word_may_stand_on_a_line_of_its_own(word: str) -> None:
    session, text = Session(), SMALL.replace(f"{word} ", f"{word}   # why\n", 1)
    assert text != SMALL
    _agree(session, SMALL)
    _agree(session, text)
    assert session.compile(Source("a.htr", text)).diagnostics == ()


def test_files_one_after_the_other_do_not_mix() -> None:
    session = Session()
    for text in [*NAMED, *reversed(NAMED)]:
        _agree(session, text)


def test_the_tree_is_that_of_the_whole_text() -> None:
    session = Session()
    for text in ("## A.\n" + SAMPLE, SAMPLE, "\n\n" + SAMPLE.replace("hard", "hard ", 3)):
        session.compile(Source("a.htr", text))
        whole = Session()
        whole.compile(Source("a.htr", text))
        assert tree_lines(whole.tree) == tree_lines(session.tree)


def test_an_edit_makes_only_one_rule_anew() -> None:
    session = Session()
    first = session.compile(Source("a.htr", SMALL)).program
    second = session.compile(Source("a.htr", SMALL.replace("a <= p", "a < p"))).program
    assert ["r"] == [
        new.name for old, new in zip(first.rules, second.rules, strict=True) if old is not new and new.name != "s"
    ]
