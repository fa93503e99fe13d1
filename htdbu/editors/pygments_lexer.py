"""A Pygments lexer of rule files; Pygments finds it by the name `htr` and by the file name `*.htr`.

Words are contextual in the language. So a word is judged by the pieces around it: `hard` is a keyword in
`hard adult: …` and a name in `hard : bool`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from pygments.lexer import Lexer
from pygments.token import (
    Comment,
    Error,
    Keyword,
    Literal,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Whitespace,
    _TokenType,
)

from htdbu.editors import words
from htdbu.editors.scanning import Piece, pieces
from htdbu.grammar.words import LATER, RESERVED, STATEMENTS, TYPES

_END = Piece(0, "end", "")
_DIRECTIVE = re.compile(r"#[ \t]*htr:")
_BY_KIND: dict[str, _TokenType] = {
    "space": Whitespace,
    "string": String.Double,
    "date": Literal.Date,
    "pattern": Name.Variable.Magic,
    "sign": Operator,
    "mark": Punctuation,
    "wrong": Error,
}
_DECLARED: dict[str, _TokenType] = {
    "table": Name.Class,
    "param": Name.Constant,
    "def": Name.Function,
    "lookup": Name.Function,
    "hard": Name.Label,
    "soft": Name.Label,
    "forbid": Name.Label,
    "target": Name.Label,
}
"""What the name after a statement's word is."""
_LEADS: dict[str, frozenset[str]] = {
    "table": frozenset("{"),
    "param": frozenset("="),
    "def": frozenset("=("),
    "lookup": frozenset("("),
    "hard": frozenset(":"),
    "forbid": frozenset(":"),
    "target": frozenset(":"),
    "factor": frozenset("~{"),
    "fd": frozenset({",", "->"}),
}
"""The statements whose word is followed by a name, and what follows that."""
_ENDS = frozenset({"name", "quoted", "string", "date", "number", "pattern", "end"})
"""Kinds of pieces that may end a statement."""
_GOES_ON = words.OPERATORS | words.BRANCHES | (words.MODIFIERS - {"key", "fixed"})
"""Reserved words that no statement ends with."""
_BEGINS = words.CONSTANTS | {"not", "case", "if"}
"""Reserved words that an expression may begin with."""


class HtrLexer(Lexer):
    """Rule files of htdbu."""

    name = "htr"
    aliases: ClassVar[list[str]] = ["htr", "htdbu"]
    filenames: ClassVar[list[str]] = ["*.htr"]
    mimetypes: ClassVar[list[str]] = ["text/x-htr"]
    url = "https://pypi.org/project/htdbu/"

    def get_tokens_unprocessed(self, text: str) -> Iterator[tuple[int, _TokenType, str]]:
        """The place, the token type and the text of every piece."""
        every = list(pieces(text))
        told = _Told([piece for piece in every if piece.kind not in ("space", "comment")])
        for piece in every:
            if piece.kind == "comment":
                yield piece.start, _comment(text, piece), piece.text
            elif piece.kind == "space":
                yield piece.start, Whitespace, piece.text
            else:
                yield piece.start, told.next(), piece.text


def _comment(text: str, piece: Piece) -> _TokenType:
    line = text[text.rfind("\n", 0, piece.start) + 1 : piece.start]
    if line.strip(" \t\r\f\v\ufeff"):
        return Comment.Single
    if _DIRECTIVE.match(piece.text):
        return Comment.Preproc
    return String.Doc if piece.text.startswith("##") else Comment.Single


class _Told:
    """The token types of pieces that are neither space nor comment, told one after the other."""

    def __init__(self, told: list[Piece]) -> None:
        self._pieces = told
        self._place = -1
        self._statement = ""
        """The word that began the statement whose head is being read; empty behind the head's colon."""
        self._is_column_colon = False

    def _at(self, offset: int) -> Piece:
        place = self._place + offset
        return self._pieces[place] if 0 <= place < len(self._pieces) else _END

    def next(self) -> _TokenType:
        """The type of the next piece."""
        self._place += 1
        piece = self._at(0)
        if piece.kind in ("name", "quoted"):
            return self._word(piece)
        if piece.text == ":":
            self._is_column_colon = self._at(-1).kind in ("name", "quoted") and not self._statement
        if piece.text in (":", "=", "{", "}"):
            self._statement = ""
        if piece.kind == "number":
            return Number.Integer if piece.text.replace("_", "").isdigit() else Number.Float
        return _BY_KIND[piece.kind]

    def _word(self, piece: Piece) -> _TokenType:
        if piece.text in RESERVED:
            return _reserved(piece.text)
        if self._statement in _DECLARED and (declared := self._declared()):
            return declared
        if piece.kind == "name" and piece.text in words.KEYWORDS and (keyword := self._keyword(piece.text)):
            return keyword
        return self._name(piece)

    def _keyword(self, word: str) -> _TokenType | None:
        """What a word is that has a meaning somewhere; None where it has none here."""
        before, after = self._at(-1).text, self._at(1).text
        if word in STATEMENTS and self._begins_statement(word):
            self._statement = word
            return Keyword.Declaration
        if word in TYPES and before == ":" and self._is_column_colon:
            return Keyword.Type
        if word in words.MEASURES and before == ":" and after == "(" and not self._is_column_colon:
            return Keyword.Pseudo
        if word in words.EXAMPLES and after == "{" and self._may_end(self._at(-1)):
            return Keyword
        if (word == "within" and self._at(1).kind == "number") or (word == "real" and before == "~"):
            return Keyword
        return Keyword.Reserved if word in LATER and after == "(" else None

    def _begins_statement(self, word: str) -> bool:
        first, second = self._at(1), self._at(2)
        if not self._may_end(self._at(-1)):
            return False
        if word in _LEADS:
            return _is_name(first) and second.text in _LEADS[word]
        if word == "soft":
            return first.text == "(" or (_is_name(first) and second.text == ":")
        if word in ("import", "test"):
            return first.kind == "string"
        if word == "unique":
            return first.text == "("
        return (first.kind in _ENDS - {"end"} and first.text not in RESERVED - _BEGINS) or first.text in ("(", "-")

    @staticmethod
    def _may_end(piece: Piece) -> bool:
        """Whether a new statement may follow a piece."""
        return piece.text in ("{", "}", ")", ";") or (piece.kind in _ENDS and piece.text not in _GOES_ON)

    def _name(self, piece: Piece) -> _TokenType:
        after = self._at(1).text
        if after == "(":
            return Name.Builtin if piece.text in words.function_names() else Name.Function
        return Name.Attribute if after == ":" else Name

    def _declared(self) -> _TokenType | None:
        """What a name is that stands right after its statement's word, or after the weight of `soft`."""
        before = self._at(-1).text
        if before == self._statement or (self._statement == "soft" and before == ")"):
            return _DECLARED[self._statement]
        return None


def _is_name(piece: Piece) -> bool:
    return piece.kind == "quoted" or (piece.kind == "name" and piece.text not in RESERVED)


def _reserved(word: str) -> _TokenType:
    if word in words.CONSTANTS:
        return Keyword.Constant
    return Operator.Word if word in words.OPERATORS else Keyword
