"""Parsing that survives mistakes: a broken piece is reported and blanked, and what is left is parsed again.

Pieces are the columns of a table, the rules inside a `when`, and otherwise whole statements. Only a text that does not
parse as a whole comes here, unit by unit, so many mistakes in a long file stay cheap.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from lark import Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from htdbu.grammar import scan
from htdbu.grammar.messages import expected_words, guess
from htdbu.grammar.source import Source
from htdbu.grammar.syntax import Statement, SyntaxFinding
from htdbu.grammar.words import LATER

_MOST_TRIES = 400
"""Pieces of one unit that may be broken."""

Parse = Callable[[str], Any]
Build = Callable[[Any, int], tuple[Statement, ...]]


@dataclass(frozen=True)
class Mistake:
    """Where a piece went wrong, in offsets of the whole text, and what is said about it."""

    finding: SyntaxFinding
    start: int
    end: int


def recover(
    source: Source, parse: Parse, build: Build
) -> tuple[tuple[Statement, ...], list[SyntaxFinding], list[tuple[int, int]]]:
    """The sound statements of a text that does not parse, its mistakes, and the stretches that they took out."""
    statements: list[Statement] = []
    findings: list[SyntaxFinding] = []
    lost: list[tuple[int, int]] = []
    for begin, end in scan.units(source.text):
        piece = source.text[begin:end]
        for _ in range(_MOST_TRIES):
            try:
                statements += build(parse(piece), begin)
                break
            except UnexpectedInput as error:
                mistake = _mistake(source, error, begin, end, piece)
                if mistake.finding not in findings:
                    findings.append(mistake.finding)
                lost.append((mistake.start, mistake.end))
                shorter = _blanked(piece, mistake.start - begin, mistake.end - begin)
                if shorter == piece:
                    break
                piece = shorter
    return tuple(statements), findings, lost


def _blanked(text: str, start: int, end: int) -> str:
    """The text with a stretch blanked, and with the closing brace of a block whose opener went with it."""
    gone = text[start:end]
    opened = sum(gone[place] == "{" for place in scan.open_brackets(gone, 0, len(gone)))
    rest = text[:start] + re.sub(r"[^\n]", " ", gone) + text[end:]
    for _ in range(opened):
        closing = _unmatched_close(rest, end)
        if closing is not None:
            rest = rest[:closing] + " " + rest[closing + 1 :]
    return rest


def _unmatched_close(text: str, start: int) -> int | None:
    """The first closing brace after a place that nothing after that place opens."""
    for found in re.finditer(r"\}", text[start:]):
        place = start + found.start()
        if not any(text[o] == "{" for o in scan.open_brackets(text, start, place)) and text[place] == "}":
            return place
    return None


def _mistake(source: Source, error: UnexpectedInput, begin: int, end: int, piece: str) -> Mistake:
    text = source.text[:begin] + piece + source.text[end:]
    at = _place(error, begin, end)
    start, stop, cut = _piece(text, begin, end, at)
    tail = scan.last_token_end(text, start, min(at, stop) if not cut else stop)
    open_here = scan.open_brackets(text, start, stop if cut or at >= stop else at)
    ended = cut or (at >= scan.last_token_end(text, begin, end) and _is_end(error))
    ended = ended or (text[at : at + 1] == "}" and bool(open_here) and text[open_here[-1]] == "(")
    later = re.match(r"\s*([a-z_]+)", text[start:stop])
    if later is not None and later[1] in LATER:
        word = source.span(start + later.start(1), start + later.end(1))
        note = "rules over several tables and over ordered groups are planned"
        finding = SyntaxFinding("HTR003", f"`{later[1]}` belongs to a later version", word, note=note)
    elif text[at : at + 1] == '"' and isinstance(error, UnexpectedCharacters):
        finding = SyntaxFinding("HTR002", "this text never ends", source.span(at, at + 1), help='close it with `"`')
    elif ended and open_here:
        sign = text[open_here[-1]]
        closing = {"(": ")", "{": "}"}[sign]
        span = source.span(open_here[-1], open_here[-1] + 1)
        finding = SyntaxFinding("HTR002", f"this `{sign}` is never closed", span, help=f"close it with `{closing}`")
    elif ended:
        swallowed = cut and bool(text[stop:at].strip())
        wanted = "an expression" if swallowed else _wanted(error)
        finding = SyntaxFinding("HTR001", f"this ends too early: expected {wanted}", source.span(tail, tail))
    else:
        finding = _unexpected(source, error, text, at)
    return Mistake(finding, start, stop)


def _is_end(error: UnexpectedInput) -> bool:
    return isinstance(error, UnexpectedToken) and error.token.type == "$END"


def _place(error: UnexpectedInput, begin: int, end: int) -> int:
    """The offset of the unexpected thing in the whole text."""
    if _is_end(error):
        return end
    token = getattr(error, "token", None)
    offset = token.start_pos if isinstance(token, Token) else error.pos_in_stream
    return begin + (offset or 0)


def _piece(text: str, begin: int, end: int, at: int) -> tuple[int, int, bool]:
    """The broken piece around a place: its start, its end, and whether it was cut short there."""
    closed = scan.block_close(text, begin, end)
    if closed is not None and at > closed:
        return closed + 1, end, False
    heads = _heads(text, begin, end)
    starts = [begin, *(start for start, _ in heads)]
    stops = sorted({*starts[1:], *_block_ends(text, begin, end, bool(heads)), end})
    inside = next(((start, head) for start, head in reversed(heads) if start <= at), None)
    if inside is not None and at < inside[1] and text[inside[0] : at].strip():
        # The place lies in the head of a piece: the one before it was cut short.
        stop = inside[0]
        earlier = [start for start in starts if start < stop]
        return earlier[-1], stop, True
    if inside is not None and not text[inside[0] : at].strip():
        earlier = [start for start in starts if start < inside[0]]
        if earlier:
            return earlier[-1], inside[0], True
    start = max(s for s in starts if s <= at)
    return start, next((stop for stop in stops if stop > max(at, start)), end), False


def _heads(text: str, begin: int, end: int) -> list[tuple[int, int]]:
    """The lines inside a unit that begin a piece, with the ends of their heads."""
    first = re.compile(r"\s*(?:#[^\n]*\s*)*(table|when)\b").match(text, begin, end)
    if first is None:
        return []
    pattern = scan.COLUMN if first[1] == "table" else scan.STATEMENT
    return [(f.start(), f.end()) for f in pattern.finditer(text, first.end(), end) if f.start() > first.start(1)]


def _block_ends(text: str, begin: int, end: int, has_pieces: bool) -> list[int]:
    return [found.start() for found in scan.BLOCK_END.finditer(text, begin + 1, end)] if has_pieces else []


def _wanted(error: UnexpectedInput) -> str:
    return expected_words(_accepted(error))


def _accepted(error: UnexpectedInput) -> Collection[str]:
    """The terminals that the parser would have taken."""
    return next((found for name in ("accepts", "expected", "allowed") if (found := getattr(error, name, None))), ())


def _unexpected(source: Source, error: UnexpectedInput, text: str, at: int) -> SyntaxFinding:
    accepted = (
        getattr(error, "accepts", None) or getattr(error, "expected", None) or getattr(error, "allowed", None) or ()
    )
    found = _word(text, at, error)
    at_start = {"HARD", "TABLE"} <= set(accepted)
    message = f"unexpected `{found}`: expected {expected_words(accepted)}"
    return SyntaxFinding("HTR001", message, source.span(at, at + len(found)), help=guess(found, accepted, at_start))


def _word(text: str, at: int, error: UnexpectedInput) -> str:
    token = getattr(error, "token", None)
    if isinstance(token, Token) and token.type != "$END":
        return str(token)
    found = re.compile(r"&&|\|\||<>|=<|\S").match(text, at)
    return found[0] if found else text[at : at + 1]
