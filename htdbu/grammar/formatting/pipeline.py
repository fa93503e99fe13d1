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
    newline. A text is left as it is where it calls a function `unique` that it does not declare, and that would come
    to stand at the beginning of a line, where it would be read as a statement.

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
    if [_content(lexeme) for lexeme in lexemes(text)] != [_content(lexeme) for lexeme in before]:
        raise HtdbuError(f"{source.name}: formatting would change more than space", "please report this file")
    if _calls_unique(tokens) and parse(Source(source.name, text)).findings:
        return source.text
    return text


def _written(tokens: Tokens, tree: Tree) -> str:
    writer = Writer()
    end = len(tokens.lexemes) - 1
    found = items(tree.statements, tokens, end)
    Blocks(tokens, writer).sequence(found, 0)
    writer.comments(tokens.lexemes[end].above, 0, blanks=True)
    writer.newline(0)
    return rendered(writer.lines)


def _calls_unique(tokens: Tokens) -> bool:
    """Whether a function `unique` is called: a line that begins with it is a statement, unless the file declares it."""
    calls = (index for index, text in enumerate(tokens.texts) if text == "unique" and index not in tokens.starts)
    return any(tokens.texts[index + 1] == "(" for index in calls)


def _content(lexeme: Lexeme) -> tuple[str, list[str], str | None]:
    return lexeme.text, [comment.text for comment in lexeme.above], lexeme.beside
