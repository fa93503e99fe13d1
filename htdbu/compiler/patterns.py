"""Regular expressions on levels, by RE2: time linear in the level's length, whatever the expression.

RE2 has no back-references and no look-around, which are what makes other engines take forever on some expressions. It
comes with pyarrow, which is imported only where a file has a regular expression.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

_LEAST = ""
"""RE2 reads the expression only where there is something to match."""


def problem(pattern: str) -> str | None:
    """What is wrong with a regular expression; None where it is sound."""
    from pyarrow import ArrowInvalid

    try:
        _match(pattern, [_LEAST])  # by itself: within brackets, a stray one would pass
    except ArrowInvalid as refused:
        said = re.sub(r"^Invalid regular expression: ", "", str(refused))
        if re.search(r"invalid perl operator: \(\?[=!<]", said):
            return "a regular expression here has no look-around"
        if re.search(r"invalid escape sequence: \\[1-9]|invalid perl operator: \(\?P$", said):
            return "a regular expression here has no back-references"
        return f"not a regular expression: {said}"
    except UnicodeEncodeError:
        return "not a regular expression: it holds half a character"
    return None


def matching(pattern: str, levels: Sequence[str]) -> list[bool]:
    """Which levels fit a sound regular expression as a whole."""
    return [bool(fits) for fits in _match(rf"\A(?:{pattern})\z", levels).to_pylist()]


def _match(pattern: str, texts: Sequence[str]) -> Any:
    import pyarrow
    from pyarrow import compute

    return compute.match_substring_regex(pyarrow.array(texts, pyarrow.string()), pattern=pattern)
