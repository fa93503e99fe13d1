"""The compiled program itself, as JSON: it compiles again to the same program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from htdbu.compiler.exports import Export

if TYPE_CHECKING:
    from htdbu.compiler.program import Program


def render(program: Program, **options: object) -> str:
    """The JSON form of a program."""
    return program.model_dump_json(indent=2) + "\n"


EXPORT = Export("ir", ".json", "the compiled program as JSON, which compiles again", render)
