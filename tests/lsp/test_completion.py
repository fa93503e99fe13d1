"""What is offered at a cursor, above all while the file is broken there."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types

from tests.lsp.client import Editor, applied, place, place_of
from tests.lsp.texts import TEXT

FOLLOWING = "\nhard after: age > 1\ntable_like = 3\n"


def offered(editor: Editor, text: str, offset: int | None = None) -> dict[str, types.CompletionItem]:
    """The items at a place, by default the end."""
    editor.open(text)
    found = editor.ask("completion", place_of(text, len(text) if offset is None else offset))
    return {item.label: item for item in found.items}


CASES = [
    ("\nha", ["hard", "table", "when"], ["age"]),
    ("hard r: a", ["age", "job", "least", "working", "max", "not", "case"], ["clerk", "and"]),
    ("hard r: age ", ["and", "in", "is null"], ["age", "max"]),
    ("hard r: age > 3 ", ["and", "or"], ["age", "max"]),
    ("hard r: age > 3 and ", ["age", "max"], ["and"]),
    ("hard r: (age) ", ["and"], ["age"]),
    ("hard r: job == ", ["none", "clerk", "judge"], ["age"]),
    ('hard r: job == "', ["clerk"], ["age"]),
    ('hard r: job in { "none", ', ["clerk"], ["age"]),
    ("hard r: job not in { ", ["clerk"], ["age"]),
    ("hard r: `odd one` == ", ["true", "false"], ["age"]),
    ("hard r: `od", ["odd one"], []),
    ("hard r: age > 3 and (job != ", ["judge"], ["age"]),
    ("hard r: max(a", ["age", "max"], ["and"]),
    ("hard r: if ", ["age"], ["then"]),
    ("hard r: if age > 3 ", ["then"], ["age"]),
    ("soft(2) r: ", ["age"], []),
    ("forbid r: ", ["age"], []),
    ("when ", ["age"], ["hard"]),
    ("when age > 3 {\n  ", ["hard", "soft", "forbid", "when"], ["age", "table"]),
    ("def f(q) = ", ["q", "age", "max"], []),
    ("def f(q", [], ["age"]),
    ("param p = ", ["true", "false"], ["age"]),
    ("table more {\n  x : ", ["int", "category", "date"], ["age"]),
    ("table more {\n  x : int ", ["in", "null", "key", "cost"], ["age"]),
    ("table more {\n  x : int in ", [], ["in", "key"]),
    ("table more {\n  x : text ", ["from", "null"], ["age"]),
    ("table more {\n  x : text from notes by ", ["age"], ["null"]),
    ("table more {\n  x : int = ", ["age"], ["null_"]),
    ("factor ", ["age", "job"], ["clerk"]),
    ("factor job {\n  ", ["clerk"], ["age"]),
    ('factor job {\n  "clerk" -> ', ["age", "pay"], ["clerk"]),
    ('factor job {\n  "clerk" -> `odd one` in { ', ["true"], ["age"]),
    ("factor job ~ { ", ["clerk"], ["age"]),
    ("target m: ", ["mean", "share", "dist"], ["age"]),
    ("target m: mean(", ["age"], ["clerk"]),
    ("target m: mean(age ", ["given"], []),
    ("target m: mean(age) ", ["in"], ["age"]),
    ("target m: share(job == ", ["clerk"], ["age"]),
    ("target m: dist(job) ~ ", ["real"], ["age"]),
    ("target m: dist(job) ~ { ", ["clerk"], ["age"]),
    ("unique (", ["age"], ["clerk"]),
    ("fd age -> ", ["pay"], []),
    ('test "n" {\n  ', ["accept", "reject"], ["age"]),
    ('test "n" {\n  accept { ', ["age", "job"], ["accept"]),
    ('test "n" {\n  accept { job: ', ["clerk"], ["age"]),
    ('test "n" {\n  reject { age: 3 } ', ["by"], ["age"]),
    ('test "n" {\n  reject { age: 3 } by ', ["adult", "capped", "age.domain"], ["clerk"]),
    ('test "n" {\n  accept { age: 3 } ', ["accept", "reject"], ["by"]),
    ("# a comment about ", [], ["hard"]),
    ("# htr: ignore[", ["HTR302"], ["hard", "HTR101"]),
    ("# htr: ignore[HTR302, HTR", ["HTR103"], ["hard"]),
    ("hard ", [], ["age"]),
]


@pytest.mark.parametrize(("written", "wanted", "unwanted"), CASES)
@pytest.mark.parametrize("following", ["", FOLLOWING], ids=["at_the_end", "in_the_middle"])
def test_what_is_offered_while_the_file_is_broken(
    editor: Editor, written: str, wanted: list[str], unwanted: list[str], following: str
) -> None:
    text = TEXT + written
    found = offered(editor, text + following, len(text))
    assert [] == [word for word in wanted if word not in found]
    assert [] == [word for word in unwanted if word in found]


def test_columns_are_known_while_their_table_is_broken(editor: Editor) -> None:
    editor.open(TEXT)
    text = TEXT.replace("table people {", "tabl people").replace("age >= least", "")
    assert "pay" in offered(editor, text, text.index("working => ") + len("working => "))
    text = TEXT.replace("age : int in 0..120", "age : ")
    assert "pay" in offered(editor, text, text.index("age >= least"))


def test_a_completed_level_replaces_the_quotes_that_stand_there(editor: Editor) -> None:
    text = TEXT + 'hard r: job == "cl"'
    item = offered(editor, text, len(text) - 1)["clerk"]
    assert text.replace('"cl"', '"clerk"') == applied(text, [item.text_edit])


def test_names_are_written_in_back_ticks_where_they_need_them(editor: Editor) -> None:
    for written in ("hard r: o", "hard r: `od"):
        item = offered(editor, TEXT + written)["odd one"]
        assert applied(TEXT + written, [item.text_edit]).endswith("hard r: `odd one`")


def test_functions_come_with_places_for_their_arguments(editor: Editor) -> None:
    found = offered(editor, TEXT + "hard r: ")
    assert "round(${1:x}, ${2:digits})" == found["round"].text_edit.new_text
    assert "bonus(${1:x})" == found["bonus"].text_edit.new_text
    assert "cap(${1:k})" == found["cap"].text_edit.new_text
    assert "max(${1:x})" == found["max"].text_edit.new_text
    assert types.InsertTextFormat.Snippet == found["max"].insert_text_format


def test_an_editor_without_snippets_gets_none(tmp_path: Path) -> None:
    editor = Editor(tmp_path, types.ClientCapabilities())
    items = [*offered(editor, TEXT + "hard r: ").values(), *offered(editor, TEXT + "\nt").values()]
    assert {None} == {item.insert_text_format for item in items}
    assert [] == [item.text_edit.new_text for item in items if "$" in item.text_edit.new_text]
    assert "round(" in {item.text_edit.new_text for item in items}
    assert 0 == editor.close()


def test_rule_files_beside_it_can_be_imported(editor: Editor) -> None:
    (editor.folder / "lib.htr").write_text("param low = 1\n")
    assert {"lib.htr"} == set(offered(editor, 'import "'))


def test_what_is_imported_is_offered(editor: Editor) -> None:
    (editor.folder / "lib.htr").write_text("param low = 1\ndef above(x) = x > low\n")
    found = offered(editor, 'import "lib.htr"\ntable t { a : int in 0..9 }\nhard r: ')
    assert {"low", "above", "a"} <= set(found)


def test_inside_a_table_the_columns_before_the_broken_one_are_known(editor: Editor) -> None:
    text = "table t {\n  a : int in 0..9\n  b : decimal(2) = \n  c : bool\n}\nhard r: c\n"
    assert {"a", "c"} <= set(offered(editor, text, text.index("= ") + 2))
    assert place(text, "c :") == (3, 2)


@pytest.mark.parametrize(
    ("written", "is_offered"),
    [
        ("hard r: job == ", True),
        ("hard r: job in { ", True),
        ("hard r: age > 3 ", False),
        ("hard r: ", False),
        ("when age > 3 { ", False),
        ("table more { x : ", True),
        ("table more { x : int ", False),
        ('test "n" { reject { age: 3 } by ', True),
        ("factor ", True),
    ],
)
def test_a_space_asks_only_where_a_value_has_to_come(editor: Editor, written: str, is_offered: bool) -> None:
    text = TEXT + written
    editor.open(text)
    typed = types.CompletionContext(types.CompletionTriggerKind.TriggerCharacter, " ")
    assert is_offered == bool(editor.ask("completion", place_of(text, len(text)), context=typed).items)


def test_the_likeliest_come_first(editor: Editor) -> None:
    found = sorted(offered(editor, TEXT + "hard r: ").values(), key=lambda item: str(item.sort_text))
    assert ["age", "job", "pay", "odd one", "least"] == [item.label for item in found[:5]]
