"""A GBNF grammar for llama.cpp of the rule files about a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from htdbu.compiler.exports import Export, Omitted, ignore

if TYPE_CHECKING:
    from htdbu.compiler.program import Program


def render(program: Program, *, dialect: str = "file", omitted: Omitted = ignore, **options: object) -> str:
    """The grammar; of the program only the table matters, whose statement the dialect `rules` leaves out."""
    from htdbu.compiler.constrained import grammar

    return grammar(program, "gbnf", table=dialect == "file", omitted=omitted)


EXPORT = Export("gbnf", ".gbnf", "a grammar of rule files about the table, for llama.cpp", render, ("file", "rules"))
