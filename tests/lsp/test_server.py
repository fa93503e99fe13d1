"""The language server, asked by a real client: what it finds, shows, completes and changes."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from htdbu.compiler.compile import compile_source
from htdbu.grammar.source import Source
from tests.lsp.conftest import Editor

TEXT = """\
## People.
table people {
  ## Age in full years.
  age : int in 0..120
  job : category { "none", "clerk", "judge" }
  pay : decimal(2) in 0..9_000 null
  `odd one` : bool
}
param least = 18
def working = job in { "clerk", "judge" }
def bonus(x) = x * 2 + least
lookup cap(k -> v) { "clerk" -> 10; "judge" -> 20 }
hard adult: working => age >= least
hard capped: pay <= cap(job) + bonus(age)
test "t" {
  reject { age: 3, job: "clerk" } by adult
  reject { age: 200 } by "age.domain"
}
"""


def place(text: str, word: str, occurrence: int = 0) -> tuple[int, int]:
    """The line and column of a word, in UTF-16 units."""
    offset = -1
    for _ in range(occurrence + 1):
        offset = text.index(word, offset + 1)
    line = text.count("\n", 0, offset)
    before = text[text.rfind("\n", 0, offset) + 1 : offset]
    return line, len(before.encode("utf-16-le")) // 2


def applied(text: str, edits: list[types.TextEdit]) -> str:
    lines = text.splitlines(keepends=True)
    starts = [sum(map(len, lines[:i])) for i in range(len(lines) + 1)]
    spans = [
        (
            starts[e.range.start.line] + e.range.start.character,
            starts[e.range.end.line] + e.range.end.character,
            e.new_text,
        )
        for e in edits
    ]
    for start, end, new in sorted(spans, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def labels(found: types.CompletionList) -> list[str]:
    return [item.label for item in found.items]


def test_findings_come_while_the_file_is_written(editor: Editor) -> None:
    assert [] == editor.open(TEXT)
    line, column = place(TEXT, "least", 2)
    spot = types.Range(types.Position(line, column), types.Position(line, column + 5))
    (finding,) = [
        f for f in editor.change(types.TextDocumentContentChangePartial(range=spot, text="leist")) if f.code == "HTR101"
    ]
    assert (spot.start, types.DiagnosticSeverity.Error, "htdbu") == (
        finding.range.start,
        finding.severity,
        finding.source,
    )
    assert "help: did you mean `least`?" in finding.message
    assert [] == editor.change(types.TextDocumentContentChangeWholeDocument(TEXT))


def test_secondary_places_and_unused_declarations_are_marked(editor: Editor) -> None:
    found = {f.code: f for f in editor.open(TEXT + "param idle = 3\nhard adult: age > 1\n")}
    assert [types.DiagnosticTag.Unnecessary] == list(found["HTR103"].tags or ())
    (related,) = found["HTR102"].related_information or ()
    assert place(TEXT, "adult") == (related.location.range.start.line, related.location.range.start.character)


@pytest.mark.parametrize(
    ("word", "occurrence", "said"),
    [
        ("age", 0, ["age : int in 0..120", "never null", "Age in full years."]),
        ("pay", 1, ["decimal(2)", "may be null"]),
        ("least", 1, ["param least = 18"]),
        ("working", 1, ['def working = job in { "clerk", "judge" }', "a condition"]),
        ("bonus", 1, ["def bonus(x)"]),
        ("cap(", 1, ["a lookup of 2 rows"]),
        ("adult", 0, ["hard adult: working => age >= least"]),
        ("people", 0, ["People."]),
    ],
)
def test_hover(editor: Editor, word: str, occurrence: int, said: list[str]) -> None:
    editor.open(TEXT)
    shown = editor.ask("hover", *place(TEXT, word, occurrence))
    assert [] == [part for part in said if part not in shown.contents.value]


def test_hover_over_functions_codes_and_bounds(editor: Editor) -> None:
    text = TEXT + "def twice = age * 2 + 1\n# htr: ignore[HTR302] why\nhard r: max(age, twice) >= 1\n"
    editor.open(text)
    assert "the greatest number" in editor.ask("hover", *place(text, "max")).contents.value
    assert "unbounded" in editor.ask("hover", *place(text, "HTR302")).contents.value
    assert "a number from 1 to 241" in editor.ask("hover", *place(text, "twice", 1)).contents.value
    assert editor.ask("hover", *place(text, "in 0..")) is None


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
    found = editor.ask("definition", *place(TEXT, *use))
    assert place(TEXT, *declaration) == (found.range.start.line, found.range.start.character)


def test_references_and_highlights(editor: Editor) -> None:
    editor.open(TEXT)
    context = types.ReferenceContext(include_declaration=True)
    found = editor.ask("references", *place(TEXT, "age"), context=context)
    lines = [line for line, text in enumerate(TEXT.splitlines()) if "age" in text and "Age" not in text]
    assert lines == sorted({location.range.start.line for location in found})
    assert 6 == len(found)
    assert len(found) == len(editor.ask("document_highlight", *place(TEXT, "age")))


@pytest.mark.parametrize(
    ("word", "occurrence", "new", "written"),
    [
        ("age", 0, "years", ['by "years.domain"', "years : int", "bonus(years)"]),
        ("age", 4, "age of man", ["`age of man` : int", 'by "age of man.domain"']),
        ("adult", 1, "grown_up", ["hard grown_up:", "by grown_up"]),
        ("least", 1, "low", ["param low = 18", "x * 2 + low"]),
        ("x *", 0, "y", ["bonus(y) = y * 2"]),
        ("odd one", 0, "odd", ["  odd : bool"]),
        ("cap(", 1, "top", ["lookup top(", "top(job)"]),
    ],
)
def test_rename_keeps_the_meaning(editor: Editor, word: str, occurrence: int, new: str, written: list[str]) -> None:
    editor.open(TEXT)
    where = place(TEXT, word, occurrence)
    assert editor.ask("prepare_rename", *where) is not None
    edit = editor.ask("rename", *where, new_name=new)
    text = applied(TEXT, edit.changes[editor.uri()])
    assert [] == [part for part in written if part not in text]
    before, after = (compile_source(Source("a.htr", t)) for t in (TEXT, text))
    assert () == after.diagnostics
    assert len(before.program.model_dump_json()) == pytest.approx(len(after.program.model_dump_json()), abs=200)
    again = applied(text, _renamed_back(editor, text, new, where))
    assert before.program == compile_source(Source("a.htr", again)).program


def _renamed_back(editor: Editor, text: str, new: str, where: tuple[int, int]) -> list[types.TextEdit]:
    old = TEXT.splitlines()[where[0]][where[1] :].split(":")[0].strip("`").split("(")[0].split(" ")[0]
    old = "odd one" if TEXT.splitlines()[where[0]].startswith("  `odd") else old
    editor.change(types.TextDocumentContentChangeWholeDocument(text))
    edit = editor.ask("rename", *where, new_name=old)
    found: list[types.TextEdit] = edit.changes[editor.uri()]
    return found


def test_rename_refuses_a_name_that_is_taken_and_what_is_no_name(editor: Editor) -> None:
    editor.open(TEXT)
    for new in ("job", "least", "", "a`b"):
        with pytest.raises(Exception, match=r"already|no name"):
            editor.ask("rename", *place(TEXT, "age"), new_name=new)
    assert editor.ask("prepare_rename", *place(TEXT, "in 0..")) is None
    assert editor.ask("prepare_rename", *place(TEXT, "int")) is None


@pytest.mark.parametrize(
    ("written", "offered", "not_offered"),
    [
        ("\nha", ["hard", "table", "when"], ["age"]),
        ("hard r: a", ["age", "job", "least", "working", "max", "and"], ["clerk"]),
        ("hard r: job == ", ["none", "clerk", "judge"], ["age"]),
        ('hard r: job == "', ["clerk"], ["age"]),
        ('hard r: job in { "none", ', ["clerk"], ["age"]),
        ("hard r: `odd one` == ", ["true", "false"], ["age"]),
        ("hard r: age > 3 and (job != ", ["judge"], ["age"]),
        ("table more {\n  x : ", ["int", "category", "date"], ["age"]),
        ("table more {\n  x : int ", ["in", "null", "key", "cost"], ["age"]),
        ("factor ", ["age", "job"], ["clerk"]),
        ("factor job {\n  ", ["clerk"], ["age"]),
        ('factor job {\n  "clerk" -> ', ["age", "pay"], ["clerk"]),
        ("target m: ", ["mean", "share", "dist"], ["age"]),
        ('test "n" {\n  ', ["accept", "reject"], ["age"]),
        ('test "n" {\n  accept { ', ["age", "job"], ["accept"]),
        ('test "n" {\n  accept { job: ', ["clerk"], ["age"]),
        ('test "n" {\n  reject { age: 3 } by ', ["adult", "capped", "age.domain"], ["clerk"]),
        ("# a comment about ", [], ["hard"]),
        ("hard ", [], ["age"]),
    ],
)
def test_completion_also_where_the_file_is_broken(
    editor: Editor, written: str, offered: list[str], not_offered: list[str]
) -> None:
    text = TEXT + written
    editor.open(text)
    line = text.count("\n")
    found = labels(editor.ask("completion", line, len(text) - text.rfind("\n") - 1))
    assert [] == [word for word in offered if word not in found]
    assert [] == [word for word in not_offered if word in found]


def test_a_completed_level_replaces_the_quotes_that_stand_there(editor: Editor) -> None:
    text = TEXT + 'hard r: job == "cl"'
    editor.open(text)
    found = editor.ask("completion", text.count("\n"), len('hard r: job == "cl'))
    (item,) = [item for item in found.items if item.label == "clerk"]
    assert text.replace('"cl"', '"clerk"') == applied(text, [item.text_edit])


def test_signature_help(editor: Editor) -> None:
    text = TEXT + "hard r: round(age, "
    editor.open(text)
    shown = editor.ask("signature_help", text.count("\n"), len("hard r: round(age, ")).signatures[0]
    assert ("round(x, digits)", 1) == (shown.label, shown.active_parameter)


def test_formatting(editor: Editor) -> None:
    text = "table t { a : int in 0..9 }\nhard   r:a>1\n"
    editor.open(text)
    options = types.FormattingOptions(tab_size=2, insert_spaces=True)
    edits = editor.ask_file("formatting", types.DocumentFormattingParams, options=options)
    assert "hard r: a > 1\n" in applied(text, edits)
    editor.change(types.TextDocumentContentChangeWholeDocument("hard r: a >"))
    assert editor.ask_file("formatting", types.DocumentFormattingParams, options=options) is None


def test_code_actions_are_the_helps_of_fix(editor: Editor) -> None:
    text = TEXT.replace("working => age", "workng => age").replace("pay <= cap", "pay = cap")
    editor.open(text)
    line, column = place(text, "workng")
    spot = types.Range(types.Position(line, column), types.Position(line, column))
    context = types.CodeActionContext(diagnostics=[])
    actions = editor.ask_file("code_action", types.CodeActionParams, range=spot, context=context)
    quick = [action for action in actions if action.kind == types.CodeActionKind.QuickFix]
    assert ["use `working`"] == [action.title for action in quick]
    assert "working => age" in applied(text, quick[0].edit.changes[editor.uri()])
    only = types.CodeActionContext(diagnostics=[], only=[types.CodeActionKind.SourceFixAll])
    (all_,) = editor.ask_file("code_action", types.CodeActionParams, range=spot, context=only)
    assert TEXT.replace("pay <= cap", "pay == cap") == applied(text, all_.edit.changes[editor.uri()])


def test_outline_and_folds(editor: Editor) -> None:
    editor.open(TEXT + "when age > 3 {\n  hard inner: pay > 1\n}\nfactor job {\n}\nunique (age, job)\n")
    outline = editor.ask_file("document_symbol", types.DocumentSymbolParams)
    assert [
        "people",
        "least",
        "working",
        "bonus",
        "cap",
        "adult",
        "capped",
        "t",
        "when age > 3",
        "factor job",
        "unique (age, job)",
    ] == [s.name for s in outline]
    assert ["age", "job", "pay", "odd one"] == [symbol.name for symbol in outline[0].children]
    folds = editor.ask_file("folding_range", types.FoldingRangeParams)
    assert (1, 7) in {(fold.start_line, fold.end_line) for fold in folds}


def test_imports_are_read_from_the_editor_and_from_disk(editor: Editor) -> None:
    (editor.folder / "lib.htr").write_text("param low = 1\n")
    main = 'import "lib.htr"\ntable t { a : int in 0..9 }\nhard r: a > low\n'
    assert [] == editor.open(main)
    found = editor.ask("definition", 2, 13)
    assert (editor.uri("lib.htr"), 0, 6) == (found.uri, found.range.start.line, found.range.start.character)
    editor.open("param lower = 1\n", "lib.htr")
    editor.ask("hover", 0, 0)
    assert ["HTR103", "HTR101"] == [finding.code for finding in editor.found[editor.uri()]] or ["HTR101"] == [
        finding.code for finding in editor.found[editor.uri()] if finding.code == "HTR101"
    ]


@pytest.mark.parametrize("encodings", [None, ["utf-16"], ["utf-8"], ["utf-32", "utf-16"]])
def test_positions_count_what_the_client_counts(tmp_path: Path, encodings: list[str] | None) -> None:
    editor = Editor(tmp_path, encodings)
    text = 'table t { c : category { "🦊é", "b" } }\nhard r: c == "🦊é" and cc == "b"\n'
    (finding,) = editor.open(text)
    chosen = (encodings or ["utf-16"])[0]
    width = {"utf-8": lambda s: len(s.encode()), "utf-16": lambda s: len(s.encode("utf-16-le")) // 2, "utf-32": len}[
        chosen
    ]
    assert width('hard r: c == "🦊é" and ') == finding.range.start.character
    assert 2 == finding.range.end.character - finding.range.start.character
    assert editor.ask("hover", 1, finding.range.start.character - 22 + 8 if False else 8) is not None
    editor.close()


def test_two_hundred_random_edits_find_what_a_fresh_compile_finds(editor: Editor) -> None:
    draw, text = random.Random(7), TEXT + "# 🦊 é\n"
    editor.open(text)
    for _ in range(200):
        start = draw.randint(0, len(text))
        end = min(len(text), start + draw.choice([0, 0, 1, 2, 9]))
        put = draw.choice(["", "a", '"', "{", "}", "\n", " and ", "🦊", "hard q: age > 1\n", "age"])
        found = editor.change(types.TextDocumentContentChangePartial(range=_range(text, start, end), text=put))
        text = text[:start] + put + text[end:]
        fresh = compile_source(Source(str(editor.folder / "a.htr"), text)).diagnostics
        assert [finding.code for finding in fresh] == [finding.code for finding in found]
        if len(text) > 3 * len(TEXT) or draw.random() < 0.1:
            text = TEXT
            editor.change(types.TextDocumentContentChangeWholeDocument(text))


def _range(text: str, start: int, end: int) -> types.Range:
    def position(offset: int) -> types.Position:
        line = text.count("\n", 0, offset)
        before = text[text.rfind("\n", 0, offset) + 1 : offset]
        return types.Position(line, len(before.encode("utf-16-le")) // 2)

    return types.Range(position(start), position(end))


def test_it_ends_well_and_a_closed_file_has_no_findings(editor: Editor) -> None:
    assert editor.open("hard r: a >\n")
    editor._news.clear()
    params: Any = types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(editor.uri()))
    editor.client.text_document_did_close(params)
    assert [] == editor._awaited("a.htr")
    assert editor.ask("hover", 0, 0) is None
    assert 0 == editor.close()
