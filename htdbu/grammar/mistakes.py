"""What a place where the parser stopped says about the mistake that was made there."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from htdbu.grammar import scan
from htdbu.grammar.context import Context
from htdbu.grammar.hints import hint
from htdbu.grammar.messages import expected_words
from htdbu.grammar.phrases import meant
from htdbu.grammar.slips import edited, repair
from htdbu.grammar.source import Source, Span
from htdbu.grammar.stretch import Stop
from htdbu.grammar.syntax import Repair, SyntaxFinding
from htdbu.grammar.terminals import LONG_NUMBER, MOST_DIGITS, RESERVED_WORD
from htdbu.grammar.words import LATER, LATER_NOTE, meant_statement

_CLOSERS = {"(": ")", "{": "}"}
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SIGNS = re.compile(r"&&|\|\||<>|=<|=>|==|!=|\*\*|//|/\*|--|\.\.|->|\w+|\S")
_AHEAD = 400
"""How much of what follows a mistake may tell what was meant."""
_CONTINUES = "=&|<>!+-*/^%.,:?)"
"""A line that begins with one of these continues the statement before it."""


@dataclass(frozen=True)
class Mistake:
    """A finding, and the stretch that cannot be used because of it."""

    finding: SyntaxFinding
    start: int
    end: int


def mistake(stop: Stop) -> Mistake:
    """The mistake that made the parser stop."""
    stretch, text = stop.stretch, stop.stretch.source.text
    start, end = stop.begun, stretch.end
    if stop.is_complete and not stop.is_cut:
        sign = text[stop.place]
        if sign in ";}" and scan.ends_something(text, stop.place):
            start, end = stop.place, stop.place + 1
        elif _begins_anew(stop, start):
            start = stop.place
    return Mistake(_finding(stop, start), start, end)


def _begins_anew(stop: Stop, begun: int) -> bool:
    """Whether a line that cannot be read is a statement of its own, and no part of the sound one before it."""
    text, place = stop.stretch.source.text, stop.place
    if not scan.is_first_on_line(text, place) or text[place] in _CONTINUES:
        return False
    word = _WORD.match(text, place)
    return (word is not None and meant_statement(word[0]) is not None) or (
        scan.indent_at(text, place) <= scan.indent_at(text, begun)
    )


def too_deep(source: Source, place: int, most: int) -> SyntaxFinding:
    """Something is nested deeper than allowed."""
    help = "give parts of it names with `def`, or use `sum(…)`, `all(…)`, `any(…)`"
    message = f"this is nested deeper than {most} levels"
    return SyntaxFinding("HTR001", message, source.span(place, place + 1), help=help)


def too_many(source: Source, place: int) -> Mistake:
    """There are so many mistakes that the rest is not read."""
    finding = SyntaxFinding("HTR001", "too many mistakes: the rest is not read", source.span(place, place + 1))
    return Mistake(finding, place, len(source.text))


def unclosed(source: Source, place: int) -> SyntaxFinding:
    """A bracket, text or name in back-ticks that never ends."""
    sign = source.text[place]
    what, closer = {'"': ("text", '"'), "`": ("name", "`")}.get(sign, (f"`{sign}`", _CLOSERS.get(sign, "")))
    message = f"this {what} is never closed" if sign in _CLOSERS else f"this {what} never ends"
    help = f"close it with `{closer}`" if closer != "`" else "close it with a back-tick"
    if sign == '"':
        help += "; a text may not span lines"
    return SyntaxFinding("HTR002", message, source.span(place, place + 1), help=help)


def _finding(stop: Stop, start: int) -> SyntaxFinding:
    source = stop.stretch.source
    later = _WORD.match(source.text, start)
    if later is not None and later[0] in LATER and not stop.stretch.frame[0]:
        return not_yet(source, later[0], *later.span())
    opener = _open_text(stop)
    if opener is None:
        opener = _open_bracket(stop)
    if opener is not None:
        return replace(unclosed(source, opener), repair=_closed(stop, opener))
    return _cut_short(stop) if stop.is_cut or _is_missing(stop) else _unexpected(stop, start)


def _closed(stop: Stop, opener: int) -> Repair | None:
    """Close a bracket where its statement ends, which may be too late."""
    source, closer = stop.stretch.source, _CLOSERS.get(stop.stretch.source.text[opener])
    if closer is None or not stop.is_cut:
        return None
    tail = scan.last_token_end(source.text, stop.stretch.start, stop.place)
    return Repair(((source.span(tail, tail), closer),), is_certain=False)


def stray_brace(source: Source, place: int) -> Mistake:
    """A closing brace that closes nothing, in a table."""
    finding = SyntaxFinding("HTR001", "unexpected `}`: it closes nothing", source.span(place, place + 1))
    return Mistake(finding, place, place + 1)


def misplaced(source: Source, span: Span) -> SyntaxFinding:
    """A statement inside `when` that is no rule."""
    found = _WORD.match(source.text, span.start)
    word = found[0] if found else ""
    help = f"only rules may stand inside `when`; put the `{word}` outside of it"
    at = source.span(span.start, span.start + len(word))
    return SyntaxFinding("HTR001", f"unexpected `{word}`: expected a rule or `}}`", at, help=help)


def not_yet(source: Source, word: str, start: int, end: int) -> SyntaxFinding:
    """A word of a later version."""
    message = f"`{word}` belongs to a later version"
    return SyntaxFinding("HTR003", message, source.span(start, end), note=LATER_NOTE)


def _open_text(stop: Stop) -> int | None:
    """Where the text or name begins that never ends; None where there is none."""
    text, place = stop.stretch.source.text, stop.place
    if stop.is_cut:
        return None
    if stop.is_unreadable and text[place] in '"`':
        return place
    before = scan.string_before(text, place)
    return before if before is not None and scan.has_open_string(text, place) else None


def _open_bracket(stop: Stop) -> int | None:
    """Where the bracket stands whose missing end stopped the parser; None where there is none."""
    text, stretch = stop.stretch.source.text, stop.stretch
    if not stop.is_cut and not {")", "}"} & stop.accepts:
        return None
    brackets = scan.unclosed(text, stretch.start, stretch.end)
    if not stretch.frame[0]:
        braces = [bracket for bracket in brackets if text[bracket.place] == "{"]
        opened = braces[len(braces) - stretch.frame[1].count("}") :]  # the block that is only opened here
        brackets = [bracket for bracket in brackets if bracket not in opened]
    for place, until in reversed(brackets):
        if place < stop.place <= until:
            return place if stop.is_cut or _CLOSERS[text[place]] in stop.accepts else None
    return None


def _is_missing(stop: Stop) -> bool:
    """Whether something lacks before the place, which itself is the end of a bracket or the next item of a block."""
    if stop.is_complete or stop.is_unreadable:
        return False
    text, place = stop.stretch.source.text, stop.place
    head = _WORD.match(text, stop.begun)
    has_items = head is not None and head[0] in ("factor", "lookup", "test")
    is_item = (
        has_items and "}" not in stop.accepts and scan.is_first_on_line(text, place) and text[place] not in _CONTINUES
    )
    return is_item or text[place] in ")}"


def _cut_short(stop: Stop) -> SyntaxFinding:
    source, stretch = stop.stretch.source, stop.stretch
    tail = scan.last_token_end(source.text, stretch.start, stop.place)
    message = f"this ends too early: expected {expected_words(stop.accepts, is_cut=True)}"
    context = _context(stop, stop.begun, "")
    place = source.span(tail, tail)
    help, mended = _advice(context, source, stop.place)
    return SyntaxFinding("HTR001", message, place, help=help, repair=mended)


def _advice(context: Context, source: Source, place: int) -> tuple[str | None, Repair | None]:
    """What to do about it in words and, where a program can do it, as edits."""
    phrase = meant(context)
    if phrase is None:
        return hint(context), repair(context, source, place)
    return phrase.help, edited(phrase.edits, phrase.is_certain, source, place)


def _unexpected(stop: Stop, start: int) -> SyntaxFinding:
    source, token = stop.stretch.source, stop.token
    found = _sign(source.text, stop.place)
    if token is not None and (len(token) > len(found) or _WORD.match(token)):
        found = str(token)
    span = source.span(stop.place, min(stop.place + len(found), stop.stretch.end))
    shown = f"`{found}`" if found.isprintable() and "`" not in found else repr(found)
    if token is not None and token.type == LONG_NUMBER:
        return SyntaxFinding("HTR001", f"a number of more than {MOST_DIGITS} digits", span)
    context = _context(stop, start, found)
    wanted = "a new statement" if context.is_new else expected_words(stop.accepts)
    message = f"unexpected {shown}: expected {wanted}"
    if token is not None and token.type == RESERVED_WORD and context.expects_name:
        message = f"{shown} is a reserved word"
    help, mended = _advice(context, source, stop.place)
    return SyntaxFinding("HTR001", message, span, help=help, repair=mended)


def _sign(text: str, place: int) -> str:
    found = _SIGNS.match(text, place)
    return found[0] if found else text[place : place + 1]


def _context(stop: Stop, start: int, found: str) -> Context:
    text, place = stop.stretch.source.text, stop.place
    word = _WORD.match(text, start)
    head = "column" if stop.stretch.frame[0] else word[0] if word else ""
    is_new = start == place and "hard" in stop.accepts and not stop.stretch.frame[0]
    before, after = text[start:place], text[place : place + _AHEAD]
    return Context(found, stop.accepts, head, is_new, before, after, scan.is_first_on_line(text, start))
