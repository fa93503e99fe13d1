"""The Pygments lexer: it loses nothing, marks nothing sound as wrong, and tells words by where they stand."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygments.lexers import get_lexer_by_name, get_lexer_for_filename
from pygments.token import Error

from htdbu.editors import words
from htdbu.editors.pygments_lexer import HtrLexer
from htdbu.grammar.terminals import lark
from htdbu.grammar.words import RESERVED, STATEMENTS, TYPES
from tests.grammar.test_fixtures import FIXTURES

ROOT = Path(__file__).parent.parent.parent
FILES = sorted(
    [*ROOT.glob("examples/**/*.htr"), *ROOT.glob("htdbu/**/*.htr"), *ROOT.glob("tests/grammar/fixtures/*.htr")]
)
SOUND = [
    block.partition("\n")[2].partition("===\n")[0]
    for block in (FIXTURES / "sound.txt").read_text("utf-8").split("--- ")[1:]
]
SIGNS = [
    "{",
    "}",
    "(",
    ")",
    ":",
    "=",
    "->",
    "~",
    ",",
    ";",
    "..",
    "-",
    "<",
    "# c\n",
    "\n",
    '"',
    '"s"',
    "`",
    "`q`",
    "12%",
    "x",
    "é",
    "[a*]",
]


def lexed(text: str) -> list[tuple[str, str]]:
    """The types, without `Token.`, and texts of all tokens but space."""
    tokens = ((str(kind).removeprefix("Token."), value) for _, kind, value in HtrLexer().get_tokens_unprocessed(text))
    return [(kind, value) for kind, value in tokens if value.strip()]


def kinds(text: str, value: str) -> list[str]:
    return [kind for kind, written in lexed(text) if written == value]


def is_whole(text: str) -> bool:
    tokens = list(HtrLexer().get_tokens_unprocessed(text))
    ends = [start + len(value) for start, _, value in tokens]
    joined = "".join(value for _, _, value in tokens)
    return joined == text and all(end == following for end, (following, _, _) in zip(ends, tokens[1:], strict=False))


@pytest.mark.parametrize(
    "lexer", [get_lexer_by_name("htr"), get_lexer_for_filename("rules.htr")], ids=["name", "file name"]
)
def test_pygments_finds_the_lexer(lexer: object) -> None:
    assert "HtrLexer" == type(lexer).__name__


@pytest.mark.parametrize("text", [*(path.read_text("utf-8") for path in FILES), *SOUND])
def test_sound_files_are_lexed_whole_and_without_errors(text: str) -> None:
    assert is_whole(text)
    assert [] == [value for _, kind, value in HtrLexer().get_tokens_unprocessed(text) if kind is Error]


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("broken*.txt")), ids=lambda path: path.stem)
def test_broken_files_are_lexed_whole(path: Path) -> None:
    assert is_whole(path.read_text("utf-8"))


@given(st.text())
def test_any_text_is_lexed_whole(text: str) -> None:
    assert is_whole(text)


@given(st.lists(st.sampled_from([*SIGNS, *sorted(words.KEYWORDS)])).map(" ".join))
def test_any_row_of_words_and_signs_is_lexed_whole(text: str) -> None:
    assert is_whole(text)


@given(st.sampled_from(sorted(words.KEYWORDS - RESERVED)))
def test_a_word_that_is_not_reserved_may_be_a_name(word: str) -> None:
    table = f"table {word} {{ {word} : int {word} : bool }}"
    text = f"{table} hard {word}: {word} >= 1 and {word} < {word} unique ({word}, {word})"
    places = [kind for kind, value in lexed(text) if value == word]
    expected = ["Name.Class", "Name.Attribute", "Name.Attribute", "Name.Label", *["Name"] * 5]
    keyword = {"table": 0, "hard": 3, "unique": 7}.get(word)
    if keyword is not None:
        expected.insert(keyword, "Keyword.Declaration")
    if word in ("int", "bool"):
        expected.insert({"int": 2, "bool": 3}[word], "Keyword.Type")
    assert expected == places


@pytest.mark.parametrize("type_", TYPES)
def test_a_type_is_one_after_a_column_only(type_: str) -> None:
    assert ["Name.Attribute", "Keyword.Type"] == kinds(f"table t {{ {type_} : {type_} }}", type_)
    assert ["Name", "Name"] == kinds(f"hard a: {type_} == 1 target b: share({type_}) >= 0.1", type_)


HEADS = {
    "table": "table t {", "param": "param p = 1", "def": "def f(a) = a", "lookup": 'lookup l(a -> b) from "f"',
    "hard": "hard r: a", "soft": "soft(2) r: a", "forbid": "forbid r: a", "when": "when not a {",
    "unique": "unique (a)", "fd": "fd a -> b", "factor": "factor a {", "target": "target t: share(a) >= 0.5",
    "import": 'import "a.htr"', "test": 'test "a" {',
}  # fmt: skip


BEFORE = ["", "hard x: y in { 1 }\n", "hard x: y == z ", "table t { a : int key } ", "def f = g(1) # c\n"]


@pytest.mark.parametrize("word", STATEMENTS)
@pytest.mark.parametrize("before", BEFORE)
def test_a_statement_begins_with_a_keyword(word: str, before: str) -> None:
    assert "Keyword.Declaration" == lexed(before + HEADS[word])[len(lexed(before))][0]


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("## Doc.\nhard a: b", "## Doc.", "Literal.String.Doc"),
        ("hard a: b ## no doc", "## no doc", "Comment.Single"),
        ("# htr: ignore[HTR503] so", "# htr: ignore[HTR503] so", "Comment.Preproc"),
        ("hard a: abs(b) > 0", "abs", "Name.Builtin"),
        ("hard a: mine(b) > 0", "mine", "Name.Function"),
        ("hard a: prev(b) > 0", "prev", "Keyword.Reserved"),
        ("hard a: b is null", "null", "Keyword.Constant"),
        ("hard a: b is null", "is", "Operator.Word"),
        ("target a: mean(b) >= 1", "mean", "Keyword.Pseudo"),
        ("target a: dist(b) ~ real within 1%", "real", "Keyword"),
        ("target a: dist(b) ~ real within 1%", "within", "Keyword"),
        ('test "t" { accept { a: 1 } }', "accept", "Keyword"),
        ("hard a: day == 2024-05-01", "2024-05-01", "Literal.Date"),
        ("hard a: b in 1..2", "1", "Literal.Number.Integer"),
        ("hard a: b <= 1.5e-3", "1.5e-3", "Literal.Number.Float"),
        ("hard a: `b c` > 1", "`b c`", "Name"),
        ("hard a: count([f_*]) > 1", "[f_*]", "Name.Variable.Magic"),
        ('hard a: b == "never closed', '"never closed', "Error"),
        ("hard a: b ? c", "?", "Error"),
    ],
)
def test_a_piece_is_what_it_is(text: str, value: str, expected: str) -> None:
    assert [expected] == kinds(text, value)


def test_every_function_is_a_builtin_before_a_bracket() -> None:
    names = sorted(words.function_names())
    assert {name: ["Name.Builtin"] for name in names} == {
        name: kinds(f"hard a: x == {name}(b)", name) for name in names
    }


def test_every_word_of_the_grammar_has_a_place() -> None:
    spelled = {terminal.pattern.value for terminal in lark().terminals if terminal.pattern.type == "str"}
    assert set() == {word for word in spelled if word.isalpha()} - words.KEYWORDS


def test_tokens_are_in_order() -> None:
    starts = [start for start, _, _ in HtrLexer().get_tokens_unprocessed(FILES[0].read_text("utf-8"))]
    assert all(one < other for one, other in pairwise(starts))
