"""From text to the syntax tree."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from lark import Lark, Token
from lark.exceptions import UnexpectedInput

from htdbu.grammar.builder import Builder
from htdbu.grammar.source import Source
from htdbu.grammar.syntax import SyntaxFinding, Tree


class _WholeWords:
    """Keeps glued words whole: a name is always possible, so `hardfoo` is never read as `hard` and `foo`."""

    always_accept = ("NAME",)

    def process(self, stream):
        return stream


@cache
def lark() -> Lark:
    """The parser of the grammar, made once."""
    text = files("htdbu.grammar").joinpath("htr.lark").read_text("utf-8")
    return Lark(text, parser="lalr", postlex=_WholeWords(), propagate_positions=True, maybe_placeholders=True)


def parse(source: Source) -> Tree:
    try:
        tree = lark().parse(source.text)
    except UnexpectedInput as e:
        return Tree((), (), (SyntaxFinding("HTR001", str(e), source.span(e.pos_in_stream or 0, (e.pos_in_stream or 0) + 1)),))
    return Tree(Builder(source.name, {}).transform(tree), (), ())
