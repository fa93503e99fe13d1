"""Choices as other languages write them: SQL's `CASE`, the `IF` of spreadsheets, `? :` and Python's `if` behind."""

from __future__ import annotations

import re

from htdbu.grammar.context import Context
from htdbu.grammar.phrases.phrase import Look, Phrase, arguments, ends, replaced

_CASE = "write `case { condition -> value; …; else -> value }`"
_IF = "write `if condition then value else value`"
_SPLIT = re.compile(r"\b(when|then|else|end)\b", re.IGNORECASE)


def _sql_case(context: Context) -> Phrase | None:
    """`CASE WHEN a THEN 1 … ELSE 2 END`; edits only where it is one line without another one inside."""
    opened = ends(context, r"\bcase\s+")
    if opened is None or context.found.lower() != "when":
        return Phrase(_CASE) if ends(context, r"\bcase\s+") and context.accepts == {"{"} else None
    parts = _SPLIT.split(context.after.partition("\n")[0])
    words = [part.lower() for part in parts[1::2]]
    length = words.index("end") if "end" in words else 0
    pairs, rest = divmod(max(length - 1, 0), 2)
    if not pairs or rest or words[: length - 1] != ["when", "then"] * pairs or words[length - 1] != "else":
        return Phrase(_CASE)
    values = [part.strip() for part in parts[2 : 2 * length + 1 : 2]]
    arms = "".join(f"{condition} -> {value}; " for condition, value in zip(values[::2], values[1::2], strict=False))
    end = sum(map(len, parts[: 2 * length + 2]))
    edit = (-len(opened[0]), end, f"case {{ {arms}else -> {values[-1]} }}")
    return Phrase(_CASE, (edit,))  # here no branch is taken where a condition is unknown


def _in_case(context: Context) -> Phrase | None:
    """The branches of a `case` as in SQL, Python or Rust."""
    if not _opened_case(context):
        return None
    if "->" in context.accepts and context.found.lower() in ("then", ":"):
        return replaced("", context.found, "->", is_certain=True)
    word = ends(context, r"\bwhen\s+")
    if word is not None and context.is_word:
        return Phrase("a branch is written `condition -> value;`", ((-len(word[0]), 0, ""),), is_certain=True)
    arrow = ends(context, r"(=>)[^;{}>]*")
    if arrow is not None and context.found in (";", "}") and "->" in context.accepts:
        place = arrow.start(1) - len(context.before)
        return Phrase("did you mean `->`?", ((place, place + 2, "->"),))
    other = ends(context, r"[;{]\s*(default|otherwise|_|true)\s*->[^;{}]*")
    if other is not None and context.found == "}":
        place = other.start(1) - len(context.before)
        return Phrase("the last branch is `else -> …`", ((place, place + len(other[1]), "else"),))
    return None


def _opened_case(context: Context) -> bool:
    """Whether the place lies inside of the braces of a `case`."""
    return ends(context, r"\bcase\s*\{[^{}]*") is not None


def _called_if(context: Context) -> Phrase | None:
    """`if(a, b, c)`."""
    opened = ends(context, r"\bif\s*\(([^,]*)")
    if context.found != "," or opened is None or opened[1].count("(") != opened[1].count(")"):
        return None
    read = arguments(opened[1] + context.after)
    if read is None or len(read[0]) != 3:
        return Phrase(_IF)
    condition, yes, no = read[0]
    text = f"(if {condition} then {yes} else {no})"
    return replaced(opened[0], context.after[: read[1] + 1 - len(opened[1])], text, is_certain=True)


def _no_else(context: Context) -> Phrase | None:
    """`hard x: if a then b`, which says that b follows from a."""
    said = ends(context, r"^(?:hard|soft|forbid)\b[^:\n]*:\s*(if\s+(\S[^\n]*?)\s+then\s+(\S[^\n]*?))\s*")
    if context.found or said is None or "else" not in context.accepts or re.search(r"\bif\b", said[2] + said[3]):
        return None
    if re.fullmatch(r"[\d_.%-]+|\"[^\"]*\"", said[3]):
        return None  # a value and no condition, so an `else` is what lacks
    first, end = (place - len(context.before) for place in said.span(1))
    text = f"{said[2]} => {said[3]}"
    return Phrase(f"an `if` needs its `else`; did you mean `{text}`?", ((first, end, text),))


def _behind(context: Context) -> Phrase | None:
    """`a ? b : c`, Python's `b if a else c`, and `if a: b` or `if a { b }`."""
    if context.found == "?" and "*" in context.accepts:
        return Phrase(_IF)
    if context.found.lower() == "if" and "*" in context.accepts:
        return Phrase(_IF)
    if "then" in context.accepts and context.found in (":", "{", ",", "->", "=>"):
        return Phrase(_IF)
    if context.found.lower() in ("end", "endif", "fi") and ends(context, r"\belse\b[^;]*"):
        word = re.match(r"\w+", context.after)
        return Phrase("an `if` has no end", ((0, word.end() if word else 0, ""),), is_certain=True)
    return None


PHRASES: tuple[Look, ...] = (_sql_case, _in_case, _called_if, _no_else, _behind)
