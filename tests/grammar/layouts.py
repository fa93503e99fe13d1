"""Texts with their tokens set apart by random space and comments."""

from __future__ import annotations

import random

from hypothesis import strategies as st
from hypothesis.extra.lark import from_lark
from lark.lexer import PatternStr

from htdbu.grammar import scan
from htdbu.grammar.parser import parse
from htdbu.grammar.source import Source
from htdbu.grammar.terminals import lark, new_lark

_PATTERNS = {
    "NAME": st.sampled_from(
        ["a", "b1", "when", "unique", "a_name_of_some_length", "the_longest_of_all_the_names_here"]
    ),
    "QUOTED_NAME": st.sampled_from(["`a b`", "`and`", "`ü`", "`語#`"]),
    "STRING": st.sampled_from(['""', '"x"', r'"\"#"', '"a text of some length, with signs like { and ; in it"']),
    "DATE": st.just("2024-05-01"),
    "DATETIME": st.just("2024-05-01T12:30:00"),
    "NUMBER": st.sampled_from(["0", "1_000", "0.5", "1e3", "12%", "1e-3"]),
    "NUMBER_RANGE": st.sampled_from(["0..", "0.5..", "1%.."]),
    "PATTERN": st.just("[a*]"),
    "COMMENT": st.just("# c\n"),
    "WHITESPACE": st.just(" "),
}
_GAPS = st.sampled_from([" "] * 12 + ["\n"] * 4 + [
    "", "\t", "\r\n", "\n\n", "\n\n\n  ", "  # {n}\n", " # {n}\r\n\t", "\n# {n}\n", "\n\n  ## {n}\n",
    "\n#{n} \n\n\n##{n}\n", " # {n}\n\n# {n}\n", "\n# htr: ignore[HTR103, HTR503] {n}\n", "##{n}\n", "\f\n",
])  # fmt: skip


def tokens(text: str) -> list[str]:
    """The tokens of a text that parses, as the parser's own lexer takes them."""
    parser = lark().parse_interactive(text)
    return [str(token) for token in parser.iter_parse()]


def respaced(text: str, source: random.Random) -> str:
    """A text that parses, without its comments, every token after a random space."""
    return "".join(source.choice([" ", " ", " ", "\n", "\n\n\n", "\t"]) + token for token in tokens(text))


@st.composite
def spread(draw: st.DrawFn, text: str) -> str:
    """A text that parses with other space and with comments between its tokens, behind and before them."""
    words = tokens(text)
    gaps = draw(st.lists(_GAPS, min_size=len(words) + 1, max_size=len(words) + 1))
    made = gaps[0].format(n=0)
    for number, (word, gap) in enumerate(zip(words, gaps[1:], strict=True), start=1):
        made += word + gap.format(n=number)
    return made if tokens_or_none(made) == words else " ".join(words)


def tokens_or_none(text: str) -> list[str] | None:
    """The tokens of a text, None where it has a syntax error."""
    return None if parse(Source("a.htr", text)).findings else tokens(text)


def sentences() -> st.SearchStrategy[str]:
    """Sentences of the grammar that are no mistake for another reason."""
    spelled = {t.name: st.just(t.pattern.value) for t in lark().terminals if isinstance(t.pattern, PatternStr)}
    spaced = {name: strategy.map(lambda word: f" {word} ") for name, strategy in {**_PATTERNS, **spelled}.items()}
    return from_lark(new_lark(), start="start", explicit=spaced).filter(lambda t: tokens_or_none(t) is not None)


def comments(text: str) -> list[str]:
    """The comments of a text, in order."""
    return [text[start:end].rstrip() for start, end in scan.comments(text)]
