"""Colours: whether they are wanted, and how a text gets one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TextIO

_STYLES = {
    "error": "\x1b[1;31m",
    "warning": "\x1b[1;33m",
    "info": "\x1b[1;36m",
    "place": "\x1b[34m",
    "related": "\x1b[1;34m",
    "bold": "\x1b[1m",
}
_RESET = "\x1b[0m"
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_BYTE = re.compile("[\udc80-\udcff]")
"""What `os.fsdecode` makes of a byte that is no UTF-8."""


def wants_color(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether to colour what goes to a stream.

    NO_COLOR forbids it, FORCE_COLOR and CLICOLOR_FORCE demand it, else a terminal that is not dumb gets it; a variable
    that is empty says nothing, nor do the last two where they are 0.
    """
    if environment.get("NO_COLOR"):
        return False
    if any(environment.get(name, "0") not in ("", "0") for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    return stream.isatty() and environment.get("TERM") != "dumb" and environment.get("CLICOLOR") != "0"


def visible(text: str) -> str:
    """A text whose control signs, and signs that turn the direction of writing, are shown instead of obeyed."""
    return _UNSEEN.sub(lambda found: _picture(found[0]), text)


def visible_name(file: str) -> str:
    """The name of a file as people read it, on one line; a byte that is no UTF-8 is shown in hexadecimals."""
    named = _BYTE.sub(lambda found: f"\\x{ord(found[0]) - 0xDC00:02x}", file)
    return visible(named.replace("\t", _picture("\t")).replace("\n", _picture("\n")))


def _picture(sign: str) -> str:
    code = ord(sign)
    return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else "\ufffd"


class Painter:
    """Gives texts a style, or leaves them as they are."""

    def __init__(self, color: bool) -> None:
        self.color = color

    def __call__(self, text: str, style: str) -> str:
        """The text in a style."""
        return f"{_STYLES[style]}{text}{_RESET}" if self.color and text else text
