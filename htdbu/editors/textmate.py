"""The TextMate grammar of rule files, for VS Code and every editor that reads such grammars.

`python -m htdbu.editors.textmate FILE` writes it. Such a grammar sees one line at a time; so a statement whose head is
broken over several lines gets plainer colours.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from htdbu.editors import words
from htdbu.grammar.words import LATER, RESERVED, STATEMENTS, TYPES

Rule = dict[str, Any]
SCOPE = "source.htr"
_NAME = r"(?:[A-Za-z_][A-Za-z0-9_]*|`[^`]+`)"
_DECLARED = {
    "table": ("entity.name.type", r"\{"),
    "param": ("variable.other.constant", "="),
    "def": ("entity.name.function", r"[(=]"),
    "lookup": ("entity.name.function", r"\("),
    "hard": ("entity.name.label", ":"),
    "forbid": ("entity.name.label", ":"),
    "target": ("entity.name.label", ":"),
    "factor": ("variable.other", r"[~{]"),
    "fd": ("variable.other", ",|->"),
}
"""Statements whose word is followed by a name: what the name is, and what follows it."""
_GOES_ON = "|".join(sorted(RESERVED - words.CONSTANTS - {"not", "case", "if"}))
_FOLLOWED = {
    "unique": r"\s*\(",
    "import": r'\s*"',
    "test": r'\s*"',
    "when": rf"\s*\(|\s+(?!(?:{_GOES_ON})\b)[A-Za-z_`0-9\"]",
}
"""The other statements, and what follows their word."""


def grammar() -> Rule:
    """The grammar, as its JSON file holds it."""
    return {
        "information_for_contributors": ["Made by `python -m htdbu.editors.textmate`; do not edit by hand."],
        "name": "htr",
        "scopeName": SCOPE,
        "fileTypes": ["htr"],
        "patterns": _include("comment", "table", "statement", "expression"),
        "repository": {
            "comment": {"patterns": _comments()},
            "literal": {"patterns": _literals()},
            "table": _table(),
            "column": _column(),
            "braces": _block(r"\{", "expression"),
            "statement": {"patterns": [*_heads(), *_other_heads()]},
            "example": {"patterns": [_word(words.EXAMPLES, "keyword.other", after=r"\s*\{")]},
            "call": {"patterns": _calls()},
            "word": {"patterns": _words()},
            "sign": {"patterns": _signs()},
            "expression": {"patterns": _include("comment", "literal", "call", "example", "word", "sign")},
        },
    }


def text() -> str:
    """The grammar's file."""
    return json.dumps(grammar(), indent=2, ensure_ascii=False) + "\n"


def _scope(name: str) -> str:
    return f"{name}.htr"


def _rule(pattern: str, name: str) -> Rule:
    return {"match": pattern, "name": _scope(name)}


def _captures(*names: str) -> dict[str, Rule]:
    return {str(place): {"name": _scope(name)} for place, name in enumerate(names, start=1)}


def _include(*names: str) -> list[Rule]:
    return [{"include": f"#{name}"} for name in names]


def _any(every: Iterable[str]) -> str:
    """A whole word of several."""
    return rf"(?<![A-Za-z0-9_`])(?:{'|'.join(sorted(every, key=lambda word: (-len(word), word)))})(?![A-Za-z0-9_`])"


def _word(every: Iterable[str], name: str, after: str = "") -> Rule:
    return _rule(_any(every) + (f"(?={after})" if after else ""), name)


def _block(begin: str, *names: str) -> Rule:
    mark = {"0": {"name": _scope("punctuation.section.braces")}}
    return {"begin": begin, "end": r"\}", "captures": mark, "patterns": _include("braces", *names)}


def _comments() -> list[Rule]:
    ignore = r"^\s*(#[ \t]*(htr:[ \t]*ignore)\[([^\]]*)\].*)$"
    return [
        _rule(r"^\s*##.*$", "comment.line.documentation"),
        {
            "match": ignore,
            "captures": _captures("comment.line.number-sign", "keyword.control.directive", "constant.other.code"),
        },
        _rule("#.*$", "comment.line.number-sign"),
    ]


def _literals() -> list[Rule]:
    escape = _rule(r"\\.", "constant.character.escape")
    return [
        {"begin": '"', "end": r'"|$', "name": _scope("string.quoted.double"), "patterns": [escape]},
        _rule(r"`[^`]+`", "variable.other.quoted"),
        _rule(r"[0-9]{4,}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}:[0-9]{2})?", "constant.other.date"),
        _rule(r"(?<![A-Za-z0-9_])[0-9][0-9_]*(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?%?", "constant.numeric"),
        _rule(r"\[[A-Za-z0-9_*?]+\]", "variable.other.pattern"),
    ]


def _table() -> Rule:
    opening = _captures("keyword.declaration", "entity.name.type", "punctuation.section.braces")
    return {
        "begin": rf"(?<![A-Za-z0-9_`])(table)\s+({_NAME})\s*(\{{)",
        "beginCaptures": opening,
        "end": r"\}",
        "endCaptures": {"0": {"name": _scope("punctuation.section.braces")}},
        "patterns": _include("comment", "column", "braces", "expression"),
    }


def _column() -> Rule:
    types = _any(TYPES)
    parts = _captures("variable.other.member", "punctuation.separator.colon", "storage.type")
    return {"match": rf"({_NAME})\s*(:)(?:\s*({types}))?", "captures": parts}


def _heads() -> list[Rule]:
    soft = r"(?<![A-Za-z0-9_`])(soft)\s*(?:(\()\s*(-?[0-9][0-9_.eE%]*)\s*(\)))?"
    weighted = ("keyword.declaration", "punctuation.section.parens", "constant.numeric", "punctuation.section.parens")
    heads = [{"match": rf"{soft}\s*({_NAME})(?=\s*:)", "captures": _captures(*weighted, "entity.name.label")}]
    for word, (name, after) in _DECLARED.items():
        pattern = rf"(?<![A-Za-z0-9_`])({word})\s+({_NAME})(?=\s*(?:{after}))"
        heads.append({"match": pattern, "captures": _captures("keyword.declaration", name)})
    return heads


def _other_heads() -> list[Rule]:
    followed = [_word([word], "keyword.declaration", after) for word, after in _FOLLOWED.items()]
    return [*followed, _rule(rf"^\s*{_any(STATEMENTS)}\s*$", "keyword.declaration")]


def _calls() -> list[Rule]:
    return [
        _word(words.function_names() | words.MEASURES, "support.function", after=r"\s*\("),
        _word(LATER, "invalid.illegal.reserved", after=r"\s*\("),
        _rule(
            rf"(?<![A-Za-z0-9_`])(?!{_any(words.KEYWORDS - words.MEASURES)}){_NAME}(?=\s*\()", "entity.name.function"
        ),
    ]


def _words() -> list[Rule]:
    return [
        _word(words.CONSTANTS, "constant.language"),
        _word(words.OPERATORS, "keyword.operator.word"),
        _word(words.BRANCHES, "keyword.control"),
        _word(words.MODIFIERS, "storage.modifier"),
        _word({"within"}, "keyword.other", after=r"\s*[0-9]"),
        _word({"real"}, "keyword.other", after=r"\s+within\b"),
        _rule(_NAME, "variable.other"),
    ]


def _signs() -> list[Rule]:
    return [
        _rule(r"<=>|=>|->|==|!=|<=|>=|\.\.|[-+*/<>=~]", "keyword.operator"),
        _rule("[,;:]", "punctuation.separator"),
        _rule("[(){}]", "punctuation.section"),
    ]


def main(arguments: list[str]) -> None:
    """Write the grammar to the file that the first argument names."""
    Path(arguments[0]).write_text(text(), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
