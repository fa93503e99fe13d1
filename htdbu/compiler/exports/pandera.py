"""A pandera schema: every column with its domain, every hard rule as a named function of one row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from htdbu.compiler.exports import Export, Omitted, ignore

if TYPE_CHECKING:
    from htdbu.compiler.program import Program


def render(program: Program, *, omitted: Omitted = ignore, **options: object) -> str:
    """Python source that needs pandas, numpy and pandera, but not htdbu."""
    from htdbu.compiler.exports.python_source.schema import SchemaWriter

    for rule in program.rules:
        if rule.kind == "soft":
            omitted(rule.name, "a soft rule, which rows may break")
    for target in program.targets:
        omitted(target.name, "a target, which is about a sample and no condition on a row")
    return SchemaWriter(program).text()


EXPORT = Export("pandera", ".py", "a pandera schema that passes and fails the same rows as check", render)
