"""Formatting, the outline, folding, and the helps that a program can carry out."""

from __future__ import annotations

from typing import Any

from lsprotocol import types

from htdbu.compiler.compile import compile_source
from htdbu.grammar.source import Source
from tests.lsp.client import Editor, applied, place
from tests.lsp.texts import TEXT

OPTIONS = types.FormattingOptions(tab_size=2, insert_spaces=True)


def formatted(editor: Editor) -> list[types.TextEdit] | None:
    found = editor.ask_file("formatting", types.DocumentFormattingParams, options=OPTIONS)
    return None if found is None else [*found]


def actions(editor: Editor, where: tuple[int, int], only: str | None = None) -> list[types.CodeAction]:
    spot = types.Range(types.Position(*where), types.Position(*where))
    context = types.CodeActionContext(diagnostics=[], only=None if only is None else [types.CodeActionKind(only)])
    return [*editor.ask_file("code_action", types.CodeActionParams, range=spot, context=context)]


def after(editor: Editor, text: str, action: types.CodeAction) -> str:
    changes: Any = action.edit and action.edit.changes
    return applied(text, changes[editor.uri()])


def test_formatting(editor: Editor) -> None:
    text = "table t { a : int in 0..9 }\nhard   r:a>1  # 🦊\n"
    editor.open(text)
    laid_out = applied(text, formatted(editor) or [])
    assert "hard r: a > 1  # 🦊\n" in laid_out
    editor.open(laid_out)
    assert [] == formatted(editor)


def test_a_broken_file_is_not_formatted(editor: Editor) -> None:
    editor.open("hard r: a >")
    assert formatted(editor) is None


def test_quick_fixes_are_the_helps_of_fix(editor: Editor) -> None:
    text = TEXT.replace("working => age", "workng => age").replace("pay <= cap", "pay = cap")
    editor.open(text)
    quick = [one for one in actions(editor, place(text, "workng")) if one.kind == types.CodeActionKind.QuickFix]
    assert [("use `working`", False)] == [(action.title, action.is_preferred) for action in quick]
    assert "working => age" in after(editor, text, quick[0])
    assert ["HTR101"] == [finding.code for finding in quick[0].diagnostics or ()]
    (all_,) = actions(editor, place(text, "workng"), "source.fixAll")
    assert text.replace("pay = cap", "pay == cap") == after(editor, text, all_)
    assert [] == actions(editor, place(text, "workng"), "refactor")
    assert ["quickfix"] == [action.kind for action in actions(editor, place(text, "workng"), "quickfix")]


def test_a_warning_can_be_silenced_for_its_statement(editor: Editor) -> None:
    text = "table t {\n  a : int\n}\nwhen a > 0 {\n  hard r: a > 1\n}\nparam idle = 3\n"
    codes = {finding.code: finding.range.start for finding in editor.open(text)}
    assert {"HTR103", "HTR302"} == set(codes)
    for code, start in codes.items():
        found = actions(editor, (start.line, start.character))
        silence = [action for action in found if action.title.startswith("silence")]
        silenced = after(editor, text, silence[0])
        assert f"# htr: ignore[{code}]\n" in silenced
        left = {finding.code for finding in compile_source(Source("a.htr", silenced)).diagnostics}
        assert set(codes) - {code} == left


def test_an_error_cannot_be_silenced(editor: Editor) -> None:
    text = "table t { a : int in 0..9 }\nhard r: b > 1\n"
    editor.open(text)
    assert [] == [one for one in actions(editor, place(text, "b >")) if one.title.startswith("silence")]


def test_outline_and_folds(editor: Editor) -> None:
    editor.open(TEXT + "when age > 3 {\n  hard inner: pay > 1\n}\nfactor job {\n}\nunique (age, job)\n")
    outline = editor.ask_file("document_symbol", types.DocumentSymbolParams)
    names = ["people", "least", "working", "bonus", "cap", "adult", "capped", "t", "when age > 3", "factor job"]
    assert [*names, "unique (age, job)"] == [symbol.name for symbol in outline]
    assert ["age", "job", "pay", "odd one"] == [symbol.name for symbol in outline[0].children]
    assert ["inner"] == [symbol.name for symbol in outline[8].children]
    folds = editor.ask_file("folding_range", types.FoldingRangeParams)
    assert (1, 7) in {(fold.start_line, fold.end_line) for fold in folds}


def test_every_symbol_names_a_place_inside_itself(editor: Editor) -> None:
    editor.open(TEXT + 'test "" {\n}\nhard broken: age >\n')
    todo = [*editor.ask_file("document_symbol", types.DocumentSymbolParams)]
    assert todo
    while todo:
        symbol = todo.pop()
        todo += symbol.children or ()
        assert symbol.name
        assert symbol.range.start <= symbol.selection_range.start
        assert symbol.selection_range.end <= symbol.range.end
