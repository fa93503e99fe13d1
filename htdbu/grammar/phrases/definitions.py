"""Definitions, params, lookups and dependencies as other languages write them."""

from __future__ import annotations

from htdbu.grammar.context import Context
from htdbu.grammar.phrases.phrase import TYPE, Look, Phrase, begins, ends, replaced

_NAMES = r"[A-Za-z_]\w*(?:\s*,\s*[A-Za-z_]\w*)*"


def _types(context: Context) -> Phrase | None:
    """`param p : int = 5`, `param int p = 5`, `def f(x: int) = …`."""
    if context.head not in ("def", "param"):
        return None
    typed = begins(context, rf":\s*{TYPE}(?:\(\d+\))?\s*(?=[=,)])")
    if typed is not None:
        what = "a param has no type" if context.head == "param" else "an argument has no type"
        return Phrase(f"{what}: leave it out", ((0, typed.end(), ""),))
    if ends(context, rf"\bparam\s+{TYPE}\s+") and context.is_word and not context.found[:1].isdigit():
        return Phrase("a param has no type: `param NAME = VALUE`")
    return None


def _equals(context: Context) -> Phrase | None:
    """`def f(x): x + 1`, `param p: 5`, `param p 5`."""
    if context.head not in ("def", "param"):
        return None
    if context.found == ">" and ends(context, "="):
        return Phrase("did you mean `=`?", ((0, 1, ""),), is_certain=True)
    if "=" not in context.accepts or "+" in context.accepts:
        return None
    sign = begins(context, r":=|->|→|:|<-|←|as\b|is\b")
    if sign is not None:
        space = "" if context.before[-1:].isspace() else " "
        return Phrase("did you mean `=`?", ((0, sign.end(), f"{space}="),), is_certain=True)
    bare = begins(context, rf"({_NAMES})\s*=(?!=)")
    if bare is not None and "(" in context.accepts:
        gap = len(context.before.rstrip()) - len(context.before)
        return Phrase("the arguments stand in brackets", ((gap, len(bare[1]), f"({bare[1]})"),), is_certain=True)
    if context.found == "{":
        return Phrase("did you mean `=`? A definition is an expression without braces")
    if context.head == "param" and begins(context, r'[-\d"]|true\b|false\b'):
        return Phrase("put a `=` here", ((0, 0, "= "),), is_certain=True)
    return Phrase("write `param NAME = VALUE`") if context.head == "param" and not context.found else None


def _value(context: Context) -> Phrase | None:
    """`param p = a + 1`, `def f(x) = return x`, `def f(x) = { x }`."""
    if context.head == "param" and "STRING" in context.accepts and (context.is_word or context.found in ("(", "{")):
        return Phrase("a `param` is one literal, a text in quotes; use `def` for an expression")
    if context.head != "def":
        return None
    word = ends(context, r"=\s*(return\s+)")
    if word is not None:
        return Phrase("leave the `return` out", ((-len(word[1]), 0, ""),), is_certain=True)
    return (
        Phrase("a definition is an expression without braces")
        if context.found == "{" and ends(context, "= *")
        else None
    )


def _dependency(context: Context) -> Phrase | None:
    """`fd (a, b) -> c`, `fd a, b => c`, `fd a b -> c`."""
    if context.head != "fd":
        return None
    names = begins(context, r"\(\s*([\w`, \t-]+?)\s*\)")
    if names is not None:
        return Phrase("the columns stand without brackets", ((0, names.end(), names[1]),), is_certain=True)
    if "->" in context.accepts and context.found in ("=>", "→", ":", "="):
        return replaced("", context.found, "->", is_certain=True)
    if {",", "->"} <= context.accepts and context.is_word:
        gap = len(context.before.rstrip()) - len(context.before)
        return Phrase("put a `,` here", ((gap, 0, ", "),))
    return None


def _lookup(context: Context) -> Phrase | None:
    """`lookup l(a) { … }`, and commas between the entries."""
    if context.head != "lookup":
        return None
    if context.accepts == {",", "->"} and context.found in ("", ")"):
        return Phrase("write `lookup NAME(key -> value)`")
    if context.found == "," and {";", "}"} <= context.accepts:
        return replaced("", ",", ";", is_certain=True)
    return None


PHRASES: tuple[Look, ...] = (_types, _equals, _value, _dependency, _lookup)
