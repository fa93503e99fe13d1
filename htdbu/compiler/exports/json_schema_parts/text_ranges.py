"""Regular expressions for ranges of texts of one length, such as ISO dates: JSON Schema has no bounds for texts."""

from __future__ import annotations


def between(low: str | None, high: str | None, template: str) -> str:
    """A pattern for the texts from `low` to `high`, ends included; None is no end.

    Args:
        template: the shape of all texts, in which `0` stands for any digit.
    """
    if low is None and high is None:
        return _any(template)
    if low is None:
        return _below(str(high), template)
    if high is None:
        return _above(low, template)
    return _range(low, high, template)


def _any(template: str) -> str:
    """Any text of the shape; runs of digits are counted."""
    pattern, run = "", 0
    for sign in template + "\0":
        if sign == "0":
            run += 1
            continue
        if run:
            pattern += "[0-9]" if run == 1 else f"[0-9]{{{run}}}"
            run = 0
        pattern += "" if sign == "\0" else sign
    return pattern


def _digit(low: int, high: int) -> str:
    return str(low) if low == high else f"[{low}-{high}]"


def _alternatives(options: list[str]) -> str:
    return options[0] if len(options) == 1 else f"(?:{'|'.join(options)})"


def _range(low: str, high: str, template: str) -> str:
    if not template:
        return ""
    if low[0] == high[0]:
        return low[0] + _range(low[1:], high[1:], template[1:])
    a, b = int(low[0]), int(high[0])
    options = [low[0] + _above(low[1:], template[1:])]
    if b - a > 1:
        options.append(_digit(a + 1, b - 1) + _any(template[1:]))
    return _alternatives([*options, high[0] + _below(high[1:], template[1:])])


def _above(low: str, template: str) -> str:
    if not template:
        return ""
    if template[0] != "0":
        return template[0] + _above(low[1:], template[1:])
    options = [low[0] + _above(low[1:], template[1:])]
    if low[0] != "9":
        options.append(_digit(int(low[0]) + 1, 9) + _any(template[1:]))
    return _alternatives(options)


def _below(high: str, template: str) -> str:
    if not template:
        return ""
    if template[0] != "0":
        return template[0] + _below(high[1:], template[1:])
    options = [high[0] + _below(high[1:], template[1:])]
    if high[0] != "0":
        options.insert(0, _digit(0, int(high[0]) - 1) + _any(template[1:]))
    return _alternatives(options)
