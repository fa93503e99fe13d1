"""Mistakes: every one of a file is reported, what is sound is kept, and no text at all makes the parser raise."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from htdbu.grammar import recovery
from htdbu.grammar.depth import DEEPEST
from htdbu.grammar.parser import parse
from htdbu.grammar.source import Source
from htdbu.grammar.syntax import Table, Tree, When
from tests.grammar.dump import tree_lines
from tests.work import growth

SAMPLE = (Path(__file__).parent / "fixtures" / "sample.htr").read_text("utf-8")
BROKEN = "hard broken_one: x >\n"
OTHERS = [
    "",
    "{",
    "}",
    "(",
    ")",
    '"',
    "`",
    "hard",
    " => ",
    "..",
    "\x00",
    "#",
    "é",
    "1e9",
    "when x {\n",
    "\n}\n",
    ";",
    "\\",
]


def _tree(text: str) -> Tree:
    return parse(Source("a.htr", text))


def _names(tree: Tree) -> list[str]:
    """What is declared in a tree, in order, with columns and guarded rules."""
    names: list[str] = []
    for statement in tree.statements:
        parts: list[Any] = [statement]
        if isinstance(statement, Table):
            parts = list(statement.columns)
        elif isinstance(statement, When):
            parts = list(statement.body)
        for part in parts:
            named = getattr(part, "name", None) or getattr(part, "column", None) or getattr(part, "title", None)
            names.append(named.value if named is not None else type(part).__name__)
    return names


def _assert_in_order_and_inside(text: str) -> None:
    tree = _tree(text)
    for span in [*(finding.span for finding in tree.findings), *tree.lost, *(s.span for s in tree.statements)]:
        assert 0 <= span.start <= span.end <= len(text)
    for spans in ([finding.span for finding in tree.findings], [statement.span for statement in tree.statements]):
        assert sorted(span.start for span in spans) == [span.start for span in spans]
    assert len(tree.findings) == len({(finding.code, finding.span, finding.message) for finding in tree.findings})


def test_five_mistakes_are_five_findings_and_the_sound_statements_survive() -> None:
    text = """\
table t {
  age : int in 16..95
  pay : decimal(2 in 0..5
  job : categry { "a" }
  sum : int in 0..9
}
hard one: age >=
hard two: age > 1
when age > 3 {
  hard three: sum >
  hard four: sum > 1
}
hrad five: age > 1
hard six: sum > 2
"""
    tree = _tree(text)
    lines = [Source("a.htr", text).position(finding.span.start)[0] for finding in tree.findings]
    assert [3, 4, 7, 10, 13] == lines
    assert ["age", "sum", "two", "four", "six"] == _names(tree)
    assert ["pay", "job", "hard", "hard", "hrad"] == [text[s.start : s.end].split()[0] for s in tree.lost]


def _pieces() -> list[tuple[str, int, int]]:
    """Every column, rule and other statement of the sample program: its name and where it stands."""
    tree = _tree(SAMPLE)
    parts: list[Any] = []
    for statement in tree.statements:
        match statement:
            case Table(columns=columns):
                parts += columns
            case When(body=body):
                parts += body
            case _:
                parts.append(statement)
    return [(name, part.span.start, part.span.end) for name, part in zip(_names(tree), parts, strict=True)]


@pytest.mark.parametrize(("name", "start", "end"), _pieces())
def test_a_broken_piece_costs_itself_alone(name: str, start: int, end: int) -> None:
    expected = [other for other in _names(_tree(SAMPLE)) if other != name]
    piece = SAMPLE[start:end]
    signs = [found.start() for found in re.finditer(r'"[^"]*"|\w+|\S', piece)]
    for cut in signs[2:]:
        for broken in (piece[:cut] + "@ " + piece[cut:], piece[:cut] + "> > " + piece[cut:]):
            tree = _tree(SAMPLE[:start] + broken + SAMPLE[end:])
            assert 1 == len(tree.findings), broken
            assert start <= tree.findings[0].span.start <= start + len(broken), broken
            assert expected == [other for other in _names(tree) if other != name], broken


@pytest.mark.parametrize("change", [str, lambda t: t.replace("\n", "\r\n"), lambda t: re.sub("(?m)^[ \t]+", "", t)])
def test_sound_statements_read_the_same_beside_a_broken_one(change: Any) -> None:
    sound = change(SAMPLE)
    for text in (BROKEN + sound, sound + BROKEN):
        tree = _tree(text)
        assert 1 == len(tree.findings)
        assert tree_lines(_tree(sound)) == tree_lines(tree)


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=80))
def test_no_text_makes_the_parser_raise(text: str) -> None:
    _assert_in_order_and_inside(text)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.sampled_from([*OTHERS, "table t {", "a : int\n", "hard b: c\n", " ", "\n", "prev(", "lookup "]), max_size=30
    )
)
def test_no_heap_of_pieces_makes_the_parser_raise(pieces: list[str]) -> None:
    _assert_in_order_and_inside("".join(pieces))


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_no_change_of_a_sound_text_makes_the_parser_raise(data: st.DataObject) -> None:
    text = SAMPLE
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 30)))
        text = text[:start] + data.draw(st.sampled_from(OTHERS)) + text[end:]
    _assert_in_order_and_inside(text)


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment", "\ufeff", "\r\n", " \t\f"])
def test_an_empty_text_is_sound(text: str) -> None:
    assert ((), ()) == (_tree(text).statements, _tree(text).findings)


@pytest.mark.parametrize(
    "deep",
    [
        "(" * 5000,
        "(" * 300 + "a" + ")" * 300,
        "not " * 5000 + "a",
        "- " * 5000 + "a",
        " => ".join(["a"] * 5000),
        "if a then 1 else " * 500 + "2",
        "max(1, " * 500 + "2" + ")" * 500,
    ],
)
def test_what_is_nested_too_deep_is_a_finding_and_the_rest_is_read(deep: str) -> None:
    tree = _tree(f"hard a: b\nhard r: {deep}\nhard c: d")
    assert [f"this is nested deeper than {DEEPEST} levels"] == [finding.message for finding in tree.findings]
    assert ["a", "c"] == _names(tree)


def test_blocks_nested_too_deep_are_findings_and_the_rest_is_read() -> None:
    text = "hard a: b\n" + "when a {\n" * 300 + "hard x: y\n" + "}\n" * 300 + "hard c: d"
    tree = _tree(text)
    assert {f"this is nested deeper than {DEEPEST} levels"} == {finding.message for finding in tree.findings}
    assert {"a", "c"} <= set(_names(tree))


def test_depth_counts_by_statement() -> None:
    text = "".join(f"hard r{i}: (a > {i}\n" for i in range(300))
    assert ["HTR002"] * 300 == [finding.code for finding in _tree(text).findings]


def test_as_many_levels_as_allowed_are_read() -> None:
    for deep in ("(" * DEEPEST + "b" + ")" * DEEPEST, "not " * (DEEPEST - 2) + "b", " or ".join(["b"] * 3000)):
        assert () == _tree(f"hard a: {deep}").findings


MANY = {
    "rules": lambda n: "".join(f"hard r{i}: a {'>' if i % 5 == 0 else '> 1'}\n" for i in range(n)),
    "columns": lambda n: (
        "table t {\n" + "".join(f"  c{i} : {'itn' if i % 5 == 0 else 'int'} in 0..3\n" for i in range(n)) + "}"
    ),
    "guarded": lambda n: (
        "when a {\n" + "".join(f"  hard r{i}: a {'>' if i % 5 == 0 else '> 1'}\n" for i in range(n)) + "}"
    ),
    "brackets": lambda n: "".join(f"hard r{i}: ({'a' if i % 5 == 0 else 'a)'} > 1\n" for i in range(n)),
    "blocks": lambda n: "".join(f"when {'(' if i % 5 == 0 else ''}a {{\n hard r{i}: b\n}}\n" for i in range(n)),
}


@pytest.mark.parametrize("text", MANY.values(), ids=MANY)
def test_many_mistakes_among_many_pieces_cost_no_more_each_than_a_few(text: Callable[[int], str]) -> None:
    assert 100 == len(_tree(text(500)).findings)
    assert growth(lambda n: _tree(text(n)), 50) < 5


def test_many_rules_over_many_columns_cost_no_more_each_than_a_few() -> None:
    def text(n: int) -> str:
        columns = "".join(f"  c{i} : decimal(2) in 0..1_000 null\n" for i in range(n))
        rules = "".join(
            f"hard r{i}: c{i % n} <= 0.4 * c{(i + 1) % n} and c{(i + 2) % n} is null\n" for i in range(5 * n)
        )
        return f"table t {{\n{columns}}}\n{rules}"

    tree = _tree(text(200))
    assert (1001, 0) == (len(tree.statements), len(tree.findings))
    assert growth(lambda n: _tree(text(n)), 20) < 5


@pytest.mark.parametrize(
    "piece", ["(", '\\"', ";", "}\n", "\x00", "x\n", "hard\n", "when a {\n", "table a {\n", "1", "# x\n", "`"]
)
def test_a_long_heap_of_nonsense_is_read_in_time_that_grows_with_its_length(piece: str) -> None:
    assert growth(lambda n: _tree(piece * (n // len(piece))), 1000) < 5
    assert piece == "# x\n" or _tree(piece * 1000).findings


def test_after_too_many_mistakes_the_rest_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recovery, "_MOST_MISTAKES", 500)
    text = "foo bar\n" * 600
    tree = _tree(text)
    assert "too many mistakes: the rest is not read" == tree.findings[-1].message
    assert len(text) == tree.lost[-1].end
