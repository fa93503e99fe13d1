"""Which tokens belong together, and where a space stands between two of them on one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from htdbu.grammar.words import RESERVED

_OPENS = {"(": ")", "{": "}", "if": "else"}
_ARITHMETIC = frozenset("+-*/")
_LITERALS = frozenset({"true", "false", "null"})
_QUOTES = frozenset('"`[')


def partners(texts: Sequence[str]) -> dict[int, int]:
    """The closing bracket of every opening one, and the `else` of every `if`."""
    found = {}
    stack: list[int] = []
    for index, text in enumerate(texts):
        if text in _OPENS:
            stack.append(index)
        elif stack and text == _OPENS[texts[stack[-1]]]:
            found[stack.pop()] = index
    return found


def unary_signs(texts: Sequence[str], starts: Set[int]) -> frozenset[int]:
    """The minus signs that belong to the operand behind them."""
    return frozenset(
        index
        for index, text in enumerate(texts)
        if text == "-"
        and (index in starts or not _ends_operand(texts[index - 1]) or _is_word(index - 1, texts, starts))
    )


def spaces(texts: Sequence[str], starts: Set[int], unary: Set[int], closes: Mapping[int, int]) -> list[bool]:
    """Whether a space stands before each token."""
    wide = _wide_ranges(texts, starts, unary, closes)
    return [
        index > 0 and (index in starts or _is_apart(index, texts, starts, unary, wide)) for index in range(len(texts))
    ]


def _is_apart(index: int, texts: Sequence[str], starts: Set[int], unary: Set[int], wide: Set[int]) -> bool:
    before, text = texts[index - 1], texts[index]
    if text in (",", ";", ":", ")") or before == "(" or index - 1 in unary or (before, text) == ("{", "}"):
        return False
    if text == "(":
        return not (_is_name(before) and not _is_word(index - 1, texts, starts))
    if text == "..":
        return index in wide or not _ends_operand(before)
    if before == "..":
        return index - 1 in wide or not _begins_operand(text)
    return True


def _is_word(index: int, texts: Sequence[str], starts: Set[int]) -> bool:
    """Whether a token is the word of a statement that may stand right before an expression or a bracket."""
    return index in starts and texts[index] in ("when", "unique")


def _is_name(text: str) -> bool:
    return text[0] == "`" or ((text[0].isalpha() or text[0] == "_") and text not in RESERVED)


def _ends_operand(text: str) -> bool:
    return text in (")", "}") or text in _LITERALS or text[0].isdigit() or text[0] in _QUOTES or _is_name(text)


def _begins_operand(text: str) -> bool:
    return bool(text) and (text in ("(", "-") or text[0].isdigit() or text[0] in _QUOTES or _is_name(text))


def _wide_ranges(texts: Sequence[str], starts: Set[int], unary: Set[int], closes: Mapping[int, int]) -> set[int]:
    """The dots of ranges whose ends are sums or products: `a + 1 .. b`."""
    opens = {close: opened for opened, close in closes.items()}
    return {
        index
        for index, text in enumerate(texts)
        if text == ".."
        and (_sum_before(index, texts, unary, opens) or _sum_behind(index, texts, starts, unary, closes))
    }


def _sum_before(index: int, texts: Sequence[str], unary: Set[int], opens: Mapping[int, int]) -> bool:
    index -= 1
    while index >= 0 and (_ends_operand(texts[index]) or texts[index] in _ARITHMETIC):
        if texts[index] in _ARITHMETIC and index not in unary:
            return True
        index = opens.get(index, index) - 1
    return False


def _sum_behind(index: int, texts: Sequence[str], starts: Set[int], unary: Set[int], closes: Mapping[int, int]) -> bool:
    index += 1
    while index not in starts and (_begins_operand(texts[index]) or texts[index] in _ARITHMETIC):
        if texts[index] in _ARITHMETIC and index not in unary:
            return True
        index = closes.get(index, index) + 1
    return False
