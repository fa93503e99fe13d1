"""Programs with less in them, for counterfactuals."""

from __future__ import annotations

from collections.abc import Collection

from htdbu.compiler.program import Column, Program


def without(program: Program, names: Collection[str]) -> Program:
    """The program without some rules, by the names that reports use, and without what a single row cannot break."""
    return program.model_copy(
        update={
            "columns": tuple(_free(column, names) for column in program.columns),
            "rules": tuple(rule for rule in program.rules if rule.name not in names),
            "uniques": (),
            "dependencies": (),
            "factors": (),
            "targets": (),
        }
    )


def _free(column: Column, names: Collection[str]) -> Column:
    """A column without the rules of its own that are named."""
    change: dict[str, object] = {"key": False}
    if f"{column.name}.domain" in names:
        change["domain"] = None
    if f"{column.name}.null" in names:
        change["nullable"] = True
    if f"{column.name}.derived" in names:
        change["derived"] = None
    return column.model_copy(update=change)


def planned_by(program: Program) -> frozenset[str]:
    """The rules that a factor's stated shares make: the plan answers for them."""
    shared = {
        (factor.column, attribute.column)
        for factor in program.factors
        for branch in factor.branches
        for attribute in branch.attributes
        if attribute.shares is not None
    }
    made = [rule.name for rule in program.rules if rule.origin == "factor"]
    return frozenset(n for n in made if any(n.startswith(f"{f}.") and n.endswith(f".{a}") for f, a in shared))
