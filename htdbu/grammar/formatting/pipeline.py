"""From a sound text to the same text laid out, in a few steps, the last of which looks whether all is there."""

from __future__ import annotations

from htdbu.errors import HtdbuError
from htdbu.grammar.formatting.alignment import rendered
from htdbu.grammar.formatting.blocks import Blocks
from htdbu.grammar.formatting.items import items, starts
from htdbu.grammar.formatting.lexemes import Lexeme, lexemes
from htdbu.grammar.formatting.tokens import Tokens
from htdbu.grammar.formatting.writer import Writer
from htdbu.grammar.parser import parse
from htdbu.grammar.source import Source
from htdbu.grammar.syntax import Tree


def format_source(source: Source, tree: Tree | None = None) -> str | None:
    """The text of a rule file laid out in the one way there is; None where it has syntax errors.

    Every token and every comment stays as it is written; only the space between them changes. Lines end with a
    newline.

    Args:
        tree: what `parse` gave for the source, where that is known.

    Raises:
        HtdbuError: where the outcome would not mean the same, which is a fault of this program.
    """
    tree = parse(source) if tree is None else tree
    if tree.findings:
        return None
    before = lexemes(source.text)
    tokens = Tokens(before, set(starts(tree.statements)))
    text = _written(tokens, tree)
    if not _is_same(before, text, source.name):
        raise HtdbuError(f"{source.name}: formatting would change more than space", "please report this file")
    return text


def _written(tokens: Tokens, tree: Tree) -> str:
    writer = Writer()
    end = len(tokens.lexemes) - 1
    found = items(tree.statements, tokens, end)
    Blocks(tokens, writer).sequence(found, 0)
    writer.comments(tokens.lexemes[end].above, 0, blanks=True)
    writer.newline(0)
    return rendered(writer.lines)


def _is_same(before: list[Lexeme], text: str, name: str) -> bool:
    """Whether a text has these tokens with these comments."""
    after = lexemes(text)
    if [_content(lexeme) for lexeme in before] != [_content(lexeme) for lexeme in after]:
        return False
    # Where a call of `unique` begins a line it is read as a statement, unless the file declares it.
    calls = [[i.is_first for i in found if i.text == "unique"] for found in (before, after)]
    return calls[0] == calls[1] or not parse(Source(name, text)).findings


def _content(lexeme: Lexeme) -> tuple[str, list[str], str | None]:
    return lexeme.text, [comment.text for comment in lexeme.above], lexeme.beside
