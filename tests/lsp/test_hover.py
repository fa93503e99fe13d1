"""What an editor shows under the pointer, and while arguments are written."""

from __future__ import annotations

import pytest

from tests.lsp.client import Editor, place
from tests.lsp.texts import TEXT

MORE = """\
lookup twin(a, b -> v) { (1, 2) -> 3 }
hard sums: sum([ag*], pay) <= age * 2 + 1
target middle: mean(age given working) in 20..60
# htr: ignore[HTR302] why
hard last: max(age, 1) >= 1 and twin(age, 2) is null  # a word: table
"""


def shown(editor: Editor, text: str, word: str, occurrence: int = 0, into: int = 0) -> str:
    editor.open(text)
    found = editor.ask("hover", place(text, word, occurrence, into))
    return "" if found is None else str(found.contents.value)


@pytest.mark.parametrize(
    ("word", "occurrence", "said"),
    [
        ("age", 0, ["age : int in 0..120", "never null", "Age in full years."]),
        ("pay", 1, ["decimal(2)", "may be null"]),
        ("job", 1, ["3 levels"]),
        ("least", 1, ["param least = 18", "--param"]),
        ("working", 1, ['def working = job in { "clerk", "judge" }', "a condition"]),
        ("bonus", 1, ["def bonus(x)"]),
        ("x *", 0, ["an argument"]),
        ("cap(", 1, ["a lookup by k; 2 rows"]),
        ("adult", 0, ["hard adult: working => age >= least"]),
        ("adult", 1, ["hard adult: working => age >= least"]),
        ("age.domain", 0, ["age : int in 0..120"]),
        ("people", 0, ["People."]),
        ("[ag*]", 0, ["age"]),
        ("max", 0, ["max(x, …)", "the greatest number"]),
        ("twin(", 1, ["a lookup by a, b; 1 row;"]),
        ("HTR302", 0, ["unbounded", "warning"]),
    ],
)
def test_names_tell_what_they_are(editor: Editor, word: str, occurrence: int, said: list[str]) -> None:
    found = shown(editor, TEXT + MORE, word, occurrence)
    assert [] == [part for part in said if part not in found], found


@pytest.mark.parametrize(
    ("word", "occurrence", "into", "said"),
    [
        ("table", 0, 0, "the schema"),
        ("int in", 0, 0, "whole numbers"),
        ("null", 0, 0, "may be null"),
        ("null", 1, 1, "never unknown"),
        ("hard", 0, 0, "must hold in every row"),
        ("reject", 0, 0, "fails in every completion"),
        ("by adult", 0, 0, "the rule that must fail"),
        ("mean(", 0, 0, "its mean over all rows"),
        ("given", 0, 0, "only rows where"),
        ("* 2 + 1", 0, 0, "a number from 0 to 240"),
        ("+ 1", 0, 0, "a number from 1 to 241"),
        ("<= age", 0, 0, "a condition"),
        ("is null", 0, 1, "a condition"),
    ],
)
def test_words_and_expressions_tell_what_they_mean(
    editor: Editor, word: str, occurrence: int, into: int, said: str
) -> None:
    text = TEXT + MORE
    if (word, occurrence) == ("null", 1):
        word, occurrence = "is null", 0
    assert said in shown(editor, text, word, occurrence, into)


@pytest.mark.parametrize("word", ["18", "# a word", "word: table", "}"])
def test_there_is_nothing_to_say_of_the_rest(editor: Editor, word: str) -> None:
    assert "" == shown(editor, TEXT + MORE, word, 0, 1 if word != "word: table" else 8)


def test_a_definition_tells_its_bounds(editor: Editor) -> None:
    text = TEXT + "def twice = age * 2 + 1\ndef third = age / 3\nhard r: twice >= third\n"
    assert "a number from 1 to 241" in shown(editor, text, "twice", 1)
    assert "a number from 0 to 40" in shown(editor, text, "third", 1)


def test_a_column_called_like_a_word_of_the_language_is_a_column(editor: Editor) -> None:
    text = "table t { hard : int in 0..9\n  max : int in 0..9 }\nhard hard: hard > max and max(hard, max) > 1\n"
    assert "hard : int in 0..9" in shown(editor, text, "hard >")
    assert "hard hard:" in shown(editor, text, "hard:")
    assert "max : int" in shown(editor, text, "max and")
    assert "the greatest number" in shown(editor, text, "max(")


@pytest.mark.parametrize(
    ("written", "label", "active"),
    [
        ("round(age, ", "round(x, digits)", 1),
        ("bonus(", "bonus(x)", 0),
        ("twin(bonus(1, 2), ", "twin(a, b)", 1),
        ("max(age, 1, 2, ", "max(x, …)", 1),
    ],
)
def test_signature_help(editor: Editor, written: str, label: str, active: int) -> None:
    text = TEXT + MORE + f"hard r: {written}"
    editor.open(text)
    found = editor.ask("signature_help", (text.count("\n"), len(f"hard r: {written}"))).signatures[0]
    assert (label, active) == (found.label, found.active_parameter)
