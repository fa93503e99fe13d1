"""Factors, targets and tests as people write them who know other languages."""

from __future__ import annotations

from htdbu.grammar.context import Context
from htdbu.grammar.phrases.phrase import Look, Phrase, begins, replaced
from htdbu.grammar.words import did_you_mean

_MEASURES = ("share", "mean", "min", "max", "sum", "quantile", "dist")
_SHARES = r"(?:count|prob|probability|proportion|percentage|fraction|rate|pct|percent|ratio)\s*\("
_EXAMPLES = {
    "accept": ("pass", "passes", "valid", "ok", "allow", "yes", "good"),
    "reject": ("fail", "fails", "invalid", "refuse", "deny", "no", "bad"),
}


def _factor(context: Context) -> Phrase | None:
    """`factor f = { … }`, `true -> job == "clerk"`, `{ true = 2% }`."""
    if context.accepts == {":"} and context.head in ("factor", "target", "test") and context.found in ("->", "=>", "="):
        return replaced("", context.found, ":", is_certain=True)
    if context.head != "factor":
        return None
    if context.found in (":", "=", "==") and {"{", "~"} <= context.accepts:
        is_shares = begins(context, r"[:=]+\s*\{[^{}\n]*:\s*\d") is not None
        return replaced("", context.found, "~", is_certain=True) if is_shares else Phrase("leave it out: `{` follows")
    said = begins(context, r'={1,2}\s*("[^"\n]*"|[\w.-]+)')
    if said is None or not {"in", "~"} <= context.accepts:
        return None
    return replaced("", said[0], f"in {{ {said[1]} }}")


def _target(context: Context) -> Phrase | None:
    """What a target asks for."""
    if context.head != "target":
        return None
    given = begins(context, r"(?:\||if|when|for|with|where|;)(?!\w)")
    if given is not None and "given" in context.accepts:
        return replaced("", given[0], "given", is_certain=given[0] != "|" or "or" not in context.accepts)
    if "~" in context.accepts and context.found in ("=", "==", ":"):
        return replaced("", context.found, "~", is_certain=True)
    if context.found == "(" and context.accepts == {":"}:
        return Phrase("give it a name, as in `target NAME: share(condition) in 1%..2%`")
    if context.found in ("<", ">") and {"<=", ">="} <= context.accepts and "+" not in context.accepts:
        return replaced("", context.found, f"{context.found}=")
    if context.found == "~" and {"<=", ">="} <= context.accepts:
        return Phrase("write `== VALUE within DEVIATION`, or `in LOW..HIGH`")
    around = begins(context, r"\+\s*/?\s*-|±")
    if around is not None and "within" in context.accepts:
        return replaced("", around[0], "within", is_certain=True)
    return None


def _measure(context: Context) -> Phrase | None:
    """What a target measures."""
    if context.head != "target" or not {"share", "mean"} <= context.accepts:
        return None
    if begins(context, _SHARES):
        return replaced("", context.found, "share")
    middle = begins(context, r"median\s*\(\s*(\w+)")
    if middle is not None:
        return _quantile(middle[1], "0.5", middle.end())
    part = begins(context, r"(?:percentile|percentile_cont|quant)\s*\(\s*(\w+)\s*,\s*([\d.]+%?)")
    if part is not None:
        return _quantile(part[1], part[2] if part[2][0] == "0" or "%" in part[2] else f"{part[2]}%", part.end())
    is_other = begins(context, r"(?:avg|average)\b") or did_you_mean(context.found, _MEASURES)
    if is_other or not context.is_word:
        return None
    return Phrase("say what is measured, as in `share(condition)` or `mean(column)`")


def _quantile(column: str, share: str, end: int) -> Phrase:
    text = f"quantile({column}, {share}"
    return Phrase(f"did you mean `{text})`?", ((0, end, text),))


def _example(context: Context) -> Phrase | None:
    """Titles and cells of a `test`."""
    if context.head != "test":
        return None
    title = begins(context, r'([^"{}\n]*[^"{}\s])\s*(?=\{)')
    if title is not None and context.accepts == {"STRING"}:
        return Phrase(f'put it in quotes: `"{title[1]}"`', ((0, len(title[1]), f'"{title[1]}"'),), is_certain=True)
    name = begins(context, r'"([A-Za-z_]\w*)"(?=\s*:)')
    if name is not None and "NAME" in context.accepts:
        return Phrase(f"a name stands without quotes: `{name[1]}`", ((0, name.end(), name[1]),), is_certain=True)
    if not {"accept", "reject"} <= context.accepts:
        return None
    best = next((word for word, others in _EXAMPLES.items() if context.found.lower() in others), None)
    return None if best is None else replaced("", context.found, best)


PHRASES: tuple[Look, ...] = (_factor, _target, _measure, _example)
