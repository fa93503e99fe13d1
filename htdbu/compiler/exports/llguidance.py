"""A Lark grammar for llguidance of the rule files about a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from htdbu.compiler.exports import Export, Omitted, ignore

if TYPE_CHECKING:
    from htdbu.compiler.program import Program


def render(program: Program, *, dialect: str = "file", omitted: Omitted = ignore, **options: object) -> str:
    """The grammar; of the program only the table matters, whose statement the dialect `rules` leaves out."""
    from htdbu.compiler.constrained import grammar

    return grammar(program, "llguidance", table=dialect == "file", omitted=omitted)


EXPORT = Export(
    "llguidance", ".lark", "a grammar of rule files about the table, for llguidance", render, ("file", "rules")
)
