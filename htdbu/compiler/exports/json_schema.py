"""JSON Schema (draft 2020-12) of one row: types, domains and nulls, and the rules that are about single columns."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from htdbu.compiler.exports import Export, Omitted, ignore

if TYPE_CHECKING:
    from htdbu.compiler.program import Program


def render(program: Program, *, omitted: Omitted = ignore, **options: object) -> str:
    """The schema as JSON text."""
    from htdbu.compiler.exports.json_schema_parts.row import row_schema

    return json.dumps(row_schema(program, omitted), indent=2, ensure_ascii=False) + "\n"


EXPORT = Export("json-schema", ".schema.json", "JSON Schema (draft 2020-12) of one row", render)
