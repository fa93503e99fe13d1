"""Colours by meaning."""

from __future__ import annotations

from lsprotocol import types

from tests.lsp.client import Editor
from tests.lsp.texts import TEXT


def colours(editor: Editor, text: str) -> list[tuple[str, str]]:
    """Every coloured token of a text with its type, and `declared` behind it where it declares."""
    editor.open(text)
    legend = editor.started.capabilities.semantic_tokens_provider.legend
    data = editor.ask_file("semantic_tokens_full", types.SemanticTokensParams).data
    lines, line, column, found = text.split("\n"), 0, 0, []
    for place in range(0, len(data), 5):
        down, right, length, kind, modifiers = data[place : place + 5]
        line, column = line + down, right if down else column + right
        units = lines[line].encode("utf-16-le")[2 * column : 2 * (column + length)]
        name = legend.token_types[kind] + (" declared" if modifiers & 1 else "")
        found.append((units.decode("utf-16-le"), name))
    return found


def test_names_have_the_colour_of_what_they_are(editor: Editor) -> None:
    found = dict(colours(editor, TEXT))
    assert {
        "people": "class declared",
        "`odd one`": "property declared",
        "working": "function",
        "x": "parameter",
        "least": "variable",
        "cap": "function",
        "capped": "event declared",
        "decimal": "type",
        '"judge"': "string",
        "## People.": "comment",
    }.items() <= found.items()
    assert ("age", "property") in colours(editor, TEXT)


def test_a_word_is_a_keyword_only_where_it_is_one(editor: Editor) -> None:
    text = "# 🦊\ntable hard { hard : bool\n  max : int in 0..9 }\nhard hard: hard and max(max, 1) > 2  # 🦊 hard\n"
    found = colours(editor, text)
    kinds = [kind for word, kind in found if word == "hard"]
    assert ["class declared", "property declared", "keyword", "event declared", "property"] == kinds
    assert ["property declared", "function", "property"] == [kind for word, kind in found if word == "max"]
    assert ("# 🦊 hard", "comment") == found[-1]
