"""Random walks of tokens under the mask of a grammar, as a model without any sense would write."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from random import Random

import numpy as np
from llguidance import LLMatcher, LLTokenizer, TokenizerWrapper, grammar_from

_JOINED = """hard r|soft(|forbid|when | {\n  |}\n|: |_a| and not | and | or| => | <=|> | == "|", "|" }| in { | not in {|
 is null\n| is not|case { |; else -> | -> |count(|days_between(|year(|, |) |)\n|\nhard|\nsoft r|factor | ~ { |%, |% }|
target t|share(| given | within |dist(|real|unique (|fd |00|12|2015-|-0|-1|T0|..|0.|## Th|e rule|ü|\n\n|  |é """
PIECES = _JOINED.split("|")
"""Tokens of several characters, most of which begin inside one word and end inside another."""


class Vocabulary:
    """Every byte is a token, and so are the pieces; the last token ends a text."""

    def __init__(self, pieces: Sequence[str]) -> None:
        self.tokens = [*(bytes([i]) for i in range(256)), *sorted({piece.encode() for piece in pieces}), b"<end>"]
        self.eos_token_id = len(self.tokens) - 1
        self.bos_token_id = None
        self.special_token_ids = [self.eos_token_id]

    def __call__(self, text: bytes | str) -> list[int]:
        return list(text if isinstance(text, bytes) else text.encode())


def pieces_of(text: str, random: Random) -> list[str]:
    """Pieces of three to nine characters out of a text, such as a table."""
    return [text[(at := random.randrange(len(text))) : at + random.randint(3, 9)] for _ in range(200)]


class Walker:
    """Walks over one grammar.

    Args:
        seen: a text whose pieces become tokens.
    """

    def __init__(self, grammar: str, seen: str, random: Random) -> None:
        self.random = random
        self.vocabulary = Vocabulary([*PIECES, *pieces_of(seen, random)])
        self.tokenizer = LLTokenizer(TokenizerWrapper(self.vocabulary))
        self.start = LLMatcher(self.tokenizer, grammar_from("lark", grammar))
        assert "" == self.start.get_error(), self.start.get_error()
        assert [] == self.start.get_grammar_warnings()

    def walk(self, steps: int) -> str:
        """The text of a walk: tokens drawn evenly from those that the mask allows, forced ones taken at once.

        It ends where it may once `steps` are done.
        """
        matcher, written, end = self.start.deep_copy(), [], self.vocabulary.eos_token_id
        for step in count():
            forced = matcher.compute_ff_tokens()
            assert matcher.consume_tokens(forced), matcher.get_error()
            written += forced
            allowed = self.allowed(matcher)
            if matcher.is_stopped() or allowed == [end] or (end in allowed and step >= steps):
                break
            token = self.random.choice([token for token in allowed if token != end])
            assert matcher.consume_token(token), matcher.get_error()
            written.append(token)
        return b"".join(self.vocabulary.tokens[token] for token in written).decode()

    def allowed(self, matcher: LLMatcher) -> list[int]:
        """The tokens that the mask allows."""
        mask = np.frombuffer(matcher.compute_bitmask(), np.uint8)
        tokens: list[int] = np.flatnonzero(np.unpackbits(mask, bitorder="little")).tolist()
        return tokens

    def accepts(self, text: str) -> bool:
        """Whether the grammar has a whole text."""
        matcher = self.start.deep_copy()
        tokens = list(text.encode())
        return matcher.try_consume_tokens(tokens) == len(tokens) and matcher.is_accepting()
