"""The rule file in an answer: out of a fenced block, or bare, and what an answer without one is."""

from __future__ import annotations

import re

from htdbu.errors import ProviderError
from htdbu.providers.llm.messages import Answer

MOST_SIGNS = 128_000
"""A longer answer is no rule file for one table."""
_THOUGHTS = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)
_FENCE = re.compile(
    r"^[ \t]*(`{3,}|~{3,})[ \t]*([\w.+-]*)[^\n]*\n(.*?)(?:^[ \t]*\1[ \t]*$|\Z)", re.DOTALL | re.MULTILINE
)
_TABLE = re.compile(r"^[ \t]*table[ \t]+\S+\s*\{", re.MULTILINE)
_FIRST = re.compile(r"^(?:#|[ \t]*(?:param|def|lookup|table)\b.*[={]).*$", re.MULTILINE)
_STRANGE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control signs, and those that let a text be read in another order than it is written."""
_MOST_SHOWN = 200


class NoRulesError(Exception):
    """An answer without a rule file; the message says so to the model."""


def rules_in(answer: Answer) -> str:
    """The rule file that an answer holds, in the rule language or in the JSON form.

    Raises:
        NoRulesError: it holds none, or only the beginning of one.
        ProviderError: the model refuses, or sends what no model that means well would.
    """
    if answer.refusal is not None or answer.finish == "content_filter":
        said = f": {shown(answer.refusal)}" if answer.refusal else ""
        raise ProviderError(f"the model {answer.model!r} refuses to answer{said}", "ask another model")
    if len(answer.text) > MOST_SIGNS:
        message = f"the model {answer.model!r} answered with {len(answer.text):,} signs, which is no rule file"
        raise ProviderError(message, "ask another model")
    if answer.finish == "length":
        raise NoRulesError(
            "Your answer was cut off before its end. Write a shorter file: fewer rules, no explanations."
        )
    text = _extracted(_THOUGHTS.sub("", answer.text).replace("\r\n", "\n"))
    if text is None:
        raise NoRulesError("Your answer holds no rule file. Answer with one fenced block that holds the whole file.")
    strange = _STRANGE.search(text)
    if strange is not None:
        raise NoRulesError(f"Your file holds the control sign U+{ord(strange[0]):04X}. Write it without any.")
    return f"{text.strip()}\n"


def is_json(text: str) -> bool:
    """Whether a rule file is in the JSON form."""
    return text.lstrip().startswith("{")


def shown(text: str) -> str:
    """The beginning of what a model said, on one line of signs that any terminal can show."""
    line = "".join(sign if sign.isprintable() else " " for sign in text[: 4 * _MOST_SHOWN])
    line = " ".join(line.split())
    return repr(line if len(line) <= _MOST_SHOWN else f"{line[: _MOST_SHOWN - 1]}…")


def _extracted(text: str) -> str | None:
    """The last block that holds a table, or all from the first statement of a bare file; None where there is none."""
    blocks = [found[3] for found in _FENCE.finditer(text)]
    whole = [block for block in blocks if _TABLE.search(block) or is_json(block)]
    if whole:
        return whole[-1]
    if is_json(text):
        return text
    table = _TABLE.search(text)
    if table is None:
        return None
    first = _FIRST.search(text)
    return text[min(table.start(), first.start() if first else table.start()) :]
