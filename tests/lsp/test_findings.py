"""What is found in open files, while they are edited."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from lsprotocol import types

from htdbu.compiler.compile import compile_source
from htdbu.grammar.source import Source
from tests.lsp.client import Editor, partial, place
from tests.lsp.texts import TEXT


def codes(found: list[types.Diagnostic]) -> list[str]:
    return [str(finding.code) for finding in found]


def test_findings_come_while_the_file_is_written(editor: Editor) -> None:
    assert [] == editor.open(TEXT)
    start = TEXT.index("least", TEXT.index("hard adult"))
    found = [f for f in editor.change(partial(TEXT, start, start + 5, "leist")) if f.code == "HTR101"]
    (finding,) = found
    line, column = place(TEXT, "least", 2)
    assert types.Position(line, column) == finding.range.start
    assert (types.DiagnosticSeverity.Error, "htdbu") == (finding.severity, finding.source)
    assert "help: did you mean `least`?" in finding.message
    assert [] == editor.change(types.TextDocumentContentChangeWholeDocument(TEXT))


def test_secondary_places_and_unused_declarations_are_marked(editor: Editor) -> None:
    found = {f.code: f for f in editor.open(TEXT + "param idle = 3\nhard adult: age > 1\n")}
    assert [types.DiagnosticTag.Unnecessary] == list(found["HTR103"].tags or ())
    (related,) = found["HTR102"].related_information or ()
    assert place(TEXT, "adult") == (related.location.range.start.line, related.location.range.start.character)


def test_a_closed_file_has_no_findings_and_no_answers(editor: Editor) -> None:
    assert editor.open("hard r: a >\n")
    assert [] == editor.shut()
    assert editor.ask("hover", (0, 0)) is None


def test_several_edits_at_once_count_on_each_other(editor: Editor) -> None:
    text = "table t { a : int in 0..9 }\nhard r: a > 1\n"
    editor.open(text)
    first = partial(text, 0, 0, "# one more line\n")
    text = "# one more line\n" + text
    place_of_a = text.index("a > 1")
    assert ["HTR101"] == codes(editor.change(first, partial(text, place_of_a, place_of_a + 1, "b")))


def test_imports_are_read_from_the_editor_and_from_disk(editor: Editor) -> None:
    (editor.folder / "lib.htr").write_text("param low = 1\n")
    main = 'import "lib.htr"\ntable t { a : int in 0..9 }\nhard r: a > low\n'
    assert [] == editor.open(main)
    found = editor.ask("definition", (2, 13))
    assert (editor.uri("lib.htr"), 0, 6) == (found.uri, found.range.start.line, found.range.start.character)
    editor.published.clear()
    editor.open("param lower = 1\n", "lib.htr")
    assert "HTR101" in codes(editor.until(lambda said: bool(said.diagnostics)))
    editor.shut("lib.htr")
    assert [] == editor.until(lambda said: not said.diagnostics)


def test_a_file_that_is_imported_before_it_is_saved_is_found_once_it_is_open(editor: Editor) -> None:
    main = 'import "new.htr"\ntable t { a : int in 0..9 }\nhard r: a > low\n'
    assert ["HTR105"] == codes(editor.open(main))
    editor.open("param low = 1\n", "new.htr")
    assert [] == editor.until(lambda said: not said.diagnostics)


def test_findings_in_an_imported_file_stand_at_the_import_and_tell_where_they_are(editor: Editor) -> None:
    (editor.folder / "lib.htr").write_text('\ndef odd(x) = x > "b"\n')
    (finding,) = editor.open('table t { a : int in 0..9 }\nimport "lib.htr"\nhard r: odd(a)\n')
    assert types.Position(1, 7) == finding.range.start
    assert "lib.htr:2" in finding.message
    (related,) = finding.related_information or ()
    assert (editor.uri("lib.htr"), 1) == (related.location.uri, related.location.range.start.line)


ENCODINGS = {
    "utf-8": lambda text: len(text.encode()),
    "utf-16": lambda text: len(text.encode("utf-16-le")) // 2,
    "utf-32": len,
}


@pytest.mark.parametrize("offered", [["utf-8"], ["utf-32", "utf-16"]])
def test_positions_count_what_the_client_counts(tmp_path: Path, offered: list[str]) -> None:
    encodings = [types.PositionEncodingKind(name) for name in offered]
    general = types.GeneralClientCapabilities(position_encodings=encodings)
    editor = Editor(tmp_path, types.ClientCapabilities(general=general))
    text = 'table t { c : category { "🦊é", "b" } }\nhard r: c == "🦊é" and cc == "b"\n'
    (finding,) = editor.open(text)
    width = ENCODINGS[offered[0]]
    start = width('hard r: c == "🦊é" and ')
    assert (start, start + 2) == (finding.range.start.character, finding.range.end.character)
    spot = types.Range(types.Position(1, start), types.Position(1, start + 1))
    assert [] == editor.change(types.TextDocumentContentChangePartial(range=spot, text=""))
    assert "c : category" in editor.ask("hover", (1, start)).contents.value
    assert 0 == editor.close()


def test_positions_behind_signs_of_two_units_are_right(editor: Editor) -> None:
    text = 'table t { c : category { "🦊é", "b" } }\nhard r: c == "🦊é" and cc == "b"\n'
    (finding,) = editor.open(text)
    assert place(text, "cc") == (finding.range.start.line, finding.range.start.character)


@pytest.mark.parametrize("sign", ["\u2028", "\x0c", "\x0b", "\x85", "\x1c", "🦊", "\t"])
def test_only_the_protocol_says_what_ends_a_line(editor: Editor, sign: str) -> None:
    text = f"# a{sign}b {sign}\ntable t {{ a : int in 0..9 }}\nhard r: a > 1\n"
    assert [] == editor.open(text)
    start = text.index("a > 1")
    (finding,) = editor.change(partial(text, start, start + 1, "missing"))
    assert (2, 8) == (finding.range.start.line, finding.range.start.character)
    assert "`missing`" in finding.message


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_other_line_ends_are_lines_too(editor: Editor, end: str) -> None:
    text = end.join(["table t {", "  a : int in 0..9", "}", ""])
    editor.open(text)
    spot = types.Range(types.Position(1, 4), types.Position(1, 9))
    found = editor.change(types.TextDocumentContentChangePartial(range=spot, text=": imt"))
    assert "imt" in "".join(finding.message for finding in found)
    assert {1} == {finding.range.start.line for finding in found}


@pytest.mark.parametrize("seed", range(2))
def test_a_hundred_random_edits_find_what_a_fresh_compile_finds(editor: Editor, seed: int) -> None:
    draw, whole = random.Random(seed), TEXT + "# 🦊 é \u2028\n"
    text = whole
    editor.open(text)
    pieces = ["", "a", '"', "{", "}", "\n", "\r\n", " and ", "🦊", "hard q: age > 1\n", "age", "\u2028", "#", "`"]
    for _ in range(100):
        start = draw.randint(0, len(text))
        end = min(len(text), start + draw.choice([0, 0, 1, 2, 9]))
        put = draw.choice(pieces)
        if "\r" in text[max(start - 1, 0) : end + 1]:
            continue  # an editor never edits between the two signs of a line end
        found = editor.change(partial(text, start, end, put))
        text = text[:start] + put + text[end:]
        fresh = compile_source(Source(str(editor.folder / "a.htr"), text)).diagnostics
        said = [(finding.code, finding.message) for finding in fresh]
        assert said == [
            (finding.code, finding.message.partition("\nnote:")[0].partition("\nhelp:")[0]) for finding in found
        ]
        assert [place_of(text, finding.span.start) for finding in fresh] == [
            (finding.range.start.line, finding.range.start.character) for finding in found
        ]
        if len(text) > 3 * len(whole) or draw.random() < 0.1:
            text = whole
            editor.open(text)


def place_of(text: str, offset: int) -> tuple[int, int]:
    before = text[text.rfind("\n", 0, offset) + 1 : offset].removesuffix("\r")
    return text.count("\n", 0, offset), len(before.encode("utf-16-le")) // 2
