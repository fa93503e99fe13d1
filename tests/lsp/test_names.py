"""Going to declarations, finding uses, renaming."""

from __future__ import annotations

import re
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from htdbu.compiler.compile import compile_source
from htdbu.grammar.source import Source
from tests.lsp.client import Editor, applied, place
from tests.lsp.texts import TEXT

FACTOR = """\
table t {
  kind : category { "a", "b" } key
  size : int in 0..9
  flag_x : bool
  flag_y : bool
}
factor kind { "a" -> size in 1..2 }
hard some: any([flag_*])
unique (kind, size)
test "t" {
  reject { kind: "a", size: 5 } by "kind.a.size"
}
"""


def renamed(editor: Editor, text: str, word: str, new: str, occurrence: int = 0, into: int = 0) -> str:
    """A text after a name in it was given another."""
    editor.open(text)
    edit = editor.ask("rename", place(text, word, occurrence, into), new_name=new)
    return applied(text, edit.changes[editor.uri()])


def refused(editor: Editor, text: str, word: str, new: str, reason: str, occurrence: int = 0) -> None:
    """Renaming is refused, and tells why."""
    with pytest.raises(JsonRpcInvalidParams, match=reason):
        renamed(editor, text, word, new, occurrence)


@pytest.mark.parametrize(
    ("use", "declaration"),
    [
        (("age", 4), ("age", 0)),
        (("least", 2), ("least", 0)),
        (("x *", 0), ("x)", 0)),
        (("cap(", 1), ("cap", 0)),
        (("adult", 1), ("adult", 0)),
        (("age.domain", 0), ("age", 0)),
    ],
)
def test_definition(editor: Editor, use: tuple[str, int], declaration: tuple[str, int]) -> None:
    editor.open(TEXT)
    found = editor.ask("definition", place(TEXT, *use))
    assert place(TEXT, *declaration) == (found.range.start.line, found.range.start.character)


def test_references_and_highlights(editor: Editor) -> None:
    editor.open(TEXT)
    context = types.ReferenceContext(include_declaration=True)
    found = editor.ask("references", place(TEXT, "age"), context=context)
    lines = [line for line, text in enumerate(TEXT.splitlines()) if re.search(r"\bage\b", text)]
    assert lines == sorted({location.range.start.line for location in found})
    assert 6 == len(found)
    marks = editor.ask("document_highlight", place(TEXT, "age"))
    assert [types.DocumentHighlightKind.Write] + [types.DocumentHighlightKind.Read] * 5 == [m.kind for m in marks]
    fewer = editor.ask("references", place(TEXT, "age"), context=types.ReferenceContext(include_declaration=False))
    assert 5 == len(fewer)


@pytest.mark.parametrize(
    ("word", "occurrence", "new", "written"),
    [
        ("age", 0, "years", ['by "years.domain"', "years : int", "bonus(years)"]),
        ("age", 4, "age of man", ["`age of man` : int", 'by "age of man.domain"']),
        ("age", 0, "not", ["`not` : int", "bonus(`not`)"]),
        ("adult", 1, "grown_up", ["hard grown_up:", "by grown_up"]),
        ("adult", 0, "age", ["hard age:", "by age\n"]),
        ("least", 1, "low", ["param low = 18", "x * 2 + low"]),
        ("x *", 0, "y", ["bonus(y) = y * 2"]),
        ("`odd one`", 0, "odd", ["  odd : bool"]),
        ("cap(", 1, "top", ["lookup top(", "top(job)"]),
        ("bonus", 1, "extra", ["def extra(x)", "extra(age)"]),
        ("people", 0, "folk", ["table folk {"]),
    ],
)
def test_rename_keeps_the_meaning(editor: Editor, word: str, occurrence: int, new: str, written: list[str]) -> None:
    editor.open(TEXT)
    where = place(TEXT, word, occurrence)
    old = editor.ask("prepare_rename", where).placeholder
    text = renamed(editor, TEXT, word, new, occurrence)
    assert [] == [part for part in written if part not in text]
    before, after = (compile_source(Source("a.htr", t)) for t in (TEXT, text))
    assert () == after.diagnostics
    names = {part.name for part in before.program.rules} | {column.name for column in before.program.columns}
    assert (
        len(names) == len({p.name for p in after.program.rules} | {c.name for c in after.program.columns})
        or new in names
    )
    editor.open(text)
    back = editor.ask("rename", where, new_name=old)
    again = applied(text, back.changes[editor.uri()])
    assert before.program == compile_source(Source("a.htr", again)).program


def test_a_column_is_renamed_inside_the_names_of_reported_rules(editor: Editor) -> None:
    text = renamed(editor, FACTOR, "size", "width")
    assert 'by "kind.a.width"' in text
    text = renamed(editor, text, "kind", "sort")
    assert 'by "sort.a.width"' in text
    assert () == compile_source(Source("a.htr", text)).diagnostics


@pytest.mark.parametrize("new", ["job", "least", "", "a`b", "``", "a\nb"])
def test_rename_refuses_a_name_that_is_taken_and_what_is_no_name(editor: Editor, new: str) -> None:
    refused(editor, TEXT, "age", new, "already|no name")


def test_rename_refuses_what_would_change_the_meaning(editor: Editor) -> None:
    refused(editor, TEXT, "least", "x", "taken for something else")  # an argument of the definition that uses it
    refused(editor, TEXT, "x *", "least", "already|taken for something else")
    refused(editor, FACTOR, "flag_x", "mark", "no longer be one of")
    refused(editor, FACTOR, "size", "flag_size", "would become one of")
    text = TEXT + "hard most: max(age, 2) > 1\n"
    refused(editor, text, "bonus", "max", "taken for something else")
    refused(editor, TEXT, "age", "a\\ge", "taken for something else")  # by "age.domain" would need an escape


def test_a_function_is_not_renamed_with_a_column_of_its_name(editor: Editor) -> None:
    text = "table t { max : int in 0..9 }\nhard r: max(max, 3) > 1\n"
    assert "table t { m : int in 0..9 }\nhard r: max(m, 3) > 1\n" == renamed(editor, text, "max", "m")


@pytest.mark.parametrize("word", ["in 0..", "int", "18", "# nothing"])
def test_what_is_no_name_cannot_be_renamed(editor: Editor, word: str) -> None:
    text = TEXT + "# nothing\n"
    editor.open(text)
    assert editor.ask("prepare_rename", place(text, word)) is None


LIB = "param low = 1\ndef above(x) = x > low + age\ntable other { z : int in low..9 }\nhard low: z > low\n"
MAIN = 'import "lib.htr"\ntable t { age : int in 0..9 }\nhard low: above(age) and age > low\n'


def edits(edit: types.WorkspaceEdit, texts: dict[str, str]) -> dict[str, str]:
    changes: dict[str, Any] = dict(edit.changes or {})
    return {uri: applied(texts[uri], found) for uri, found in changes.items()}


@pytest.mark.parametrize("is_open", [False, True])
def test_renaming_reaches_the_imported_file_and_its_importers(editor: Editor, is_open: bool) -> None:
    (editor.folder / "lib.htr").write_text(LIB)
    if is_open:
        editor.open(LIB, "lib.htr")
    editor.open(MAIN)
    texts = {editor.uri(): MAIN, editor.uri("lib.htr"): LIB}
    after = edits(editor.ask("rename", place(MAIN, "low", 1), new_name="least"), texts)
    assert MAIN.replace("age > low", "age > least") == after[editor.uri()]
    library = after[editor.uri("lib.htr")]
    assert ["param least = 1", "x > least + age", "in low..9", "hard low: z > least"] == [
        part for part in ("param least = 1", "x > least + age", "in low..9", "hard low: z > least") if part in library
    ]
    if is_open:
        assert after == edits(editor.ask("rename", place(LIB, "low"), "lib.htr", new_name="least"), texts)
        with pytest.raises(JsonRpcInvalidParams, match="already"):
            editor.ask("rename", place(LIB, "low"), "lib.htr", new_name="age")


def test_rules_of_an_imported_file_are_others(editor: Editor) -> None:
    (editor.folder / "lib.htr").write_text(LIB)
    editor.open(MAIN)
    edit = editor.ask("rename", place(MAIN, "low:"), new_name="bottom")
    assert [editor.uri()] == [*edit.changes]
    assert 1 == len(edit.changes[editor.uri()])


def test_the_name_of_a_file_leads_to_it(editor: Editor) -> None:
    (editor.folder / "lib.htr").write_text(LIB)
    (editor.folder / "cap.csv").write_text("k,v\n1,2\n")
    text = 'import "lib.htr"\nimport "missing.htr"\nlookup cap(k -> v) from "cap.csv"\n'
    editor.open(text)
    for word, file in (("lib.htr", "lib.htr"), ("cap.csv", "cap.csv")):
        assert editor.uri(file) == editor.ask("definition", place(text, word)).uri
    assert editor.ask("definition", place(text, "missing")) is None
