"""The schema of a whole row, and the list of what it does not say."""

from __future__ import annotations

from collections.abc import Iterator

from htdbu.compiler.exports import Omitted
from htdbu.compiler.exports.json_schema_parts.conditions import Conditions
from htdbu.compiler.exports.json_schema_parts.values import (
    SHAPES,
    InexpressibleError,
    Schema,
    is_iso,
    json_type,
    within,
)
from htdbu.compiler.lowering import normalise
from htdbu.compiler.normal import Intervals
from htdbu.compiler.program import Column, Program, Rule

DRAFT = "https://json-schema.org/draft/2020-12/schema"
NULL_WORDS = ["", "NA", "NaN", "null"]
"""Texts that mean null, so that a text column that may not be null does not hold them."""

LeftOut = tuple[str, str]


def row_schema(program: Program, omitted: Omitted) -> Schema:
    """The schema of one row; `omitted` is told of everything that it does not say."""
    left_out: list[LeftOut] = []
    schema: Schema = {"$schema": DRAFT}
    if program.name:
        schema["title"] = program.name
    if program.doc:
        schema["description"] = program.doc
    schema["type"] = "object"
    normal = normalise(program)
    schema["properties"] = {
        column.header: _property(column, normal.columns[i].domain, left_out) for i, column in enumerate(program.columns)
    }
    schema["required"] = [column.header for column in program.columns if column.derived is None]
    left_out += [(f"{c.name}.derived", "JSON Schema does not compute") for c in program.columns if c.derived]
    rules = list(_rules(program, left_out))
    if rules:
        schema["allOf"] = rules
    left_out += _of_the_table(program)
    if left_out:
        schema["$comment"] = "Not everything that the rules say can be said here; see x-htdbu-rules-not-expressed."
        schema["x-htdbu-rules-not-expressed"] = [{"name": name, "reason": reason} for name, reason in left_out]
    for name, reason in left_out:
        omitted(name, reason)
    return schema


def _property(column: Column, domain: Intervals, left_out: list[LeftOut]) -> Schema:
    schema: Schema = {"description": column.doc} if column.doc else {}
    schema["type"] = [json_type(column), "null"] if column.nullable else json_type(column)
    if column.type.kind == "text":
        return schema if column.nullable else {**schema, "not": {"enum": NULL_WORDS}}
    if column.type.kind == "date" and is_iso(column):
        schema["format"] = "date"
    if column.type.kind in SHAPES and not is_iso(column):
        schema["$comment"] = f"A date, written as {column.format}."
        if domain != ((None, None),):
            left_out.append((f"{column.name}.domain", "a date that is not written as ISO has it has no bounds"))
        return schema
    if column.type.kind == "bool" and domain == ((0, 1),):
        return schema
    if domain == ((None, None),) and column.type.kind not in SHAPES:
        return schema
    return {**schema, **within(column, domain, [], column.nullable)}


def _rules(program: Program, left_out: list[LeftOut]) -> Iterator[Schema]:
    normal = normalise(program)
    conditions = Conditions(program, list(normal.texts))
    for rule, lowered in zip(program.rules, normal.rules, strict=True):
        if rule.kind == "soft":
            left_out.append((rule.name, "a soft rule may be broken"))
            continue
        try:
            said = conditions.rule(lowered.outcome)
        except InexpressibleError as problem:
            left_out.append((rule.name, str(problem)))
        else:
            yield {**_named(rule), **said}


def _named(rule: Rule) -> Schema:
    return {"title": rule.name, "description": rule.doc} if rule.doc else {"title": rule.name}


def _of_the_table(program: Program) -> list[LeftOut]:
    """What is about several rows."""
    rows = "it is about several rows"
    keys = [(f"key({column.name})", rows) for column in program.columns if column.key]
    several = [(unique.name, rows) for unique in program.uniques]
    several += [(dependency.name, rows) for dependency in program.dependencies]
    return [*keys, *several, *((target.name, "a target is about the whole table") for target in program.targets)]
