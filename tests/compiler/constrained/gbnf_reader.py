"""A small reader of GBNF, by llama.cpp's guide to it: draws sentences of a grammar, and tells whether a text is one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random

_TOKEN = re.compile(
    r"""\s*(?:(?P<literal>"(?:[^"\\]|\\.)*")|(?P<chars>\[(?:[^\]\\]|\\.)*\])|(?P<name>[a-zA-Z0-9-]+)"""
    r"""|(?P<times>\?|\{\d+,\d+\})|(?P<sign>[()|]))"""
)
_CHARACTER = re.compile(r"\\x([0-9A-F]{2})|\\u([0-9A-F]{4})|\\U([0-9A-F]{8})|\\([nrt\\])|([^\\])", re.DOTALL)
_PLAIN = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\"}


@dataclass(frozen=True)
class Item:
    """A node: its kind, and what it holds."""

    kind: str
    text: str = ""
    ranges: tuple[tuple[str, str], ...] = ()
    items: tuple[Item, ...] = ()
    times: tuple[int, int] = (1, 1)


class Gbnf:
    """A grammar that was read; a text that is no GBNF is an AssertionError."""

    def __init__(self, text: str) -> None:
        lines = (line.split(" ::= ", 1) for line in text.splitlines())
        self.rules = {name: _Reader(body).whole() for name, body in lines}
        assert len(self.rules) == text.count("\n")
        assert {name for body in self.rules.values() for name in _names(body)} <= set(self.rules)

    def draw(self, random: Random) -> str:
        """A sentence: every option is as likely as the others."""
        return self._drawn(self.rules["root"], random)

    def _drawn(self, item: Item, random: Random) -> str:
        match item.kind:
            case "text":
                return item.text
            case "chars":
                low, high = random.choice(item.ranges)
                return chr(random.randint(ord(low), ord(high)))
            case "name":
                return self._drawn(self.rules[item.text], random)
            case "row":
                return "".join(self._drawn(part, random) for part in item.items)
            case "choice":
                return self._drawn(random.choice(item.items), random)
        least, most = item.times
        return "".join(self._drawn(item.items[0], random) for _ in range(random.randint(least, min(most, least + 2))))

    def has(self, text: str) -> bool:
        """Whether a text is a sentence."""

        @cache
        def ends(item: Item, start: int) -> frozenset[int]:
            match item.kind:
                case "text":
                    return frozenset({start + len(item.text)} if text.startswith(item.text, start) else ())
                case "chars":
                    inside = start < len(text) and any(low <= text[start] <= high for low, high in item.ranges)
                    return frozenset({start + 1} if inside else ())
                case "name":
                    return ends(self.rules[item.text], start)
                case "row":
                    return along(item.items, start)
                case "choice":
                    return frozenset().union(*(ends(option, start) for option in item.items))
            least, most = item.times
            reached, found = frozenset({start}), frozenset({start} if least == 0 else ())
            for count in range(1, most + 1):
                reached = frozenset().union(*(ends(item.items[0], place) for place in reached))
                found |= reached if count >= least else frozenset()
            return found

        def along(items: tuple[Item, ...], start: int) -> frozenset[int]:
            places = frozenset({start})
            for item in items:
                places = frozenset().union(*(ends(item, place) for place in places))
            return places

        return len(text) in ends(self.rules["root"], 0)


class _Reader:
    """The right side of one rule."""

    def __init__(self, text: str) -> None:
        self.tokens = []
        at = 0
        while text[at:].strip():
            found = _TOKEN.match(text, at)
            assert found is not None, text[at : at + 60]
            self.tokens.append((str(found.lastgroup), found[str(found.lastgroup)]))
            at = found.end()
        self.at = 0

    def whole(self) -> Item:
        """All of it."""
        item = self.choice()
        assert self.at == len(self.tokens), self.tokens[self.at :]
        return item

    def choice(self) -> Item:
        """Options with `|` between."""
        options = [self.row()]
        while self._next() == ("sign", "|"):
            self.at += 1
            options.append(self.row())
        return options[0] if len(options) == 1 else Item("choice", items=tuple(options))

    def row(self) -> Item:
        """Parts in a row."""
        parts: list[Item] = []
        while (token := self._next()) is not None and token not in (("sign", "|"), ("sign", ")")):
            self.at += 1
            kind, text = token
            if kind == "times":
                times = (0, 1) if text == "?" else tuple(map(int, text[1:-1].split(",")))
                parts[-1] = Item("times", items=(parts[-1],), times=(times[0], times[1]))
            elif kind == "sign":
                parts.append(self.choice())
                assert self._next() == ("sign", ")")
                self.at += 1
            else:
                parts.append(_leaf(kind, text))
        assert parts
        return parts[0] if len(parts) == 1 else Item("row", items=tuple(parts))

    def _next(self) -> tuple[str, str] | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None


def _leaf(kind: str, text: str) -> Item:
    if kind == "literal":
        return Item("text", "".join(_characters(text[1:-1])))
    if kind == "name":
        return Item("name", text)
    characters = list(_characters(text[1:-1], dash=True))
    ranges = []
    while characters:
        low, *characters = characters
        if characters[:1] == [""]:
            ranges.append((low, characters[1]))
            characters = characters[2:]
        else:
            ranges.append((low, low))
    return Item("chars", ranges=tuple(ranges))


def _characters(text: str, dash: bool = False) -> Iterator[str]:
    """The characters that a text with escapes means; the dash of a range is an empty text."""
    at = 0
    while at < len(text):
        found = _CHARACTER.match(text, at)
        assert found is not None, text[at:]
        code = found[1] or found[2] or found[3]
        yield (
            chr(int(code, 16))
            if code
            else _PLAIN[found[4]]
            if found[4]
            else ""
            if dash and found[5] == "-"
            else found[5]
        )
        at = found.end()


def _names(item: Item) -> Iterator[str]:
    if item.kind == "name":
        yield item.text
    for part in item.items:
        yield from _names(part)
