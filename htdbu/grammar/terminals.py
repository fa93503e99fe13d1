"""The Lark parser of the grammar, and how its terminals are written."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from lark import Lark, Token
from lark.lexer import PatternStr
from platformdirs import user_cache_path

from htdbu.grammar.words import RESERVED

MOST_DIGITS = 300
"""A number may not need more digits before or after its point."""
RESERVED_WORD = "RESERVED"
"""The type of a token that is a reserved word where only a name may stand; the grammar takes none."""
_NUMBERS = frozenset({"NUMBER", "NUMBER_RANGE"})
LONG_NUMBER = "LONG_NUMBER"
"""The type of a token that is a number of too many digits; the grammar takes none."""
_ENDS_OPERAND = frozenset({
    "NAME", "QUOTED_NAME", "NUMBER", "STRING", "DATE", "DATETIME", "TRUE", "FALSE", "NULL", "RPAR", "RBRACE",
})  # fmt: skip


class _Words:
    """Tells apart what the grammar's patterns cannot.

    A name is always possible, so glued words stay whole: `hardfoo` is never read as `hard` and `foo`. So are the signs
    of other languages. Reserved words and numbers of too many digits get types of their own. The grammar takes none of
    these signs and types anywhere.
    """

    always_accept = ("NAME", "FOREIGN")

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        """Pass the tokens on."""
        last = ""
        for token in stream:
            if token.type == "NAME":
                if token in RESERVED:
                    token.type = RESERVED_WORD
            elif token.type in _NUMBERS and is_long(token):
                token.type = LONG_NUMBER
            elif token == "--" and last not in _ENDS_OPERAND:
                yield from _two_signs(token)
                continue
            last = token.type
            yield token


def _two_signs(token: Token) -> Iterator[Token]:
    """`--` where an operand begins: there it is the sign of a sign and no comment of another language."""
    for place in (0, 1):
        start, column = (None if at is None else at + place for at in (token.start_pos, token.column))
        end, end_column = (None if at is None else at + 1 for at in (start, column))
        yield Token("MINUS", "-", start, token.line, column, token.line, end_column, end)


@cache
def lark() -> Lark:
    """The parser, made once; its tables, which take a third of a second, are kept among the user's cached files."""
    return new_lark(_cached_tables())


def new_lark(tables: str | None = None) -> Lark:
    """The parser of the grammar; `tables` names a file that its tables are read from, or written to."""
    return Lark(
        files("htdbu.grammar").joinpath("htr.lark").read_text("utf-8"),
        parser="lalr",
        postlex=_Words(),
        propagate_positions=True,
        maybe_placeholders=True,
        cache=tables or False,
    )


def _cached_tables() -> str | None:
    """The file for the parser's tables; Lark remakes it for another grammar. None if there can be none."""
    try:
        folder = user_cache_path("htdbu", appauthor=False, ensure_exists=True)
        return str(folder / f"grammar-{sys.version_info.major}.{sys.version_info.minor}.lark")
    except OSError:
        return None


def is_long(number: str) -> bool:
    """Whether a number, as written, needs more digits than a number may."""
    if len(number) < MOST_DIGITS and "e" not in number and "E" not in number:
        return False
    mantissa, _, power = number.rstrip(".%").lower().partition("e")
    whole, _, fraction = mantissa.partition(".")
    shift = int(power[:6] or 0)
    return max(len(whole) + shift, len(fraction) - shift) > MOST_DIGITS


@cache
def spelling(terminal: str) -> str:
    """A word or sign as it is written; the terminal's own name, in capitals, for patterns."""
    definition = next((t for t in lark().terminals if t.name == terminal), None)
    if definition is not None and isinstance(definition.pattern, PatternStr):
        return definition.pattern.value
    return terminal
