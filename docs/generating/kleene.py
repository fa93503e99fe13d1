"""The tables of the three-valued logic, from the evaluator that judges the data."""

from __future__ import annotations

from itertools import product
from typing import Any

TRUTHS: tuple[bool | None, ...] = (True, None, False)
"""In the order in which the tables show them."""


def outcomes(expression: str, names: str) -> list[bool | None]:
    """What a condition is for every combination of true, unknown and false of its columns, the last the fastest."""
    import pandas as pd

    import htdbu

    cells = list(product(TRUTHS, repeat=len(names)))
    columns = {name: pd.array([row[k] for row in cells], dtype="boolean") for k, name in enumerate(names)}
    declared = " ".join(f"{name} : bool null" for name in names)
    report = htdbu.compile_text(
        f"table t {{ {declared} }} hard it: {expression} hard known: ({expression}) is not null"
    ).check(pd.DataFrame(columns))
    rules = {rule.name: set(rule.rows.tolist()) for rule in report.rules}
    return [None if row in rules["known"] else row not in rules["it"] for row in range(len(cells))]


def said(value: Any) -> str:
    """A truth value in words."""
    return {True: "true", False: "false", None: "unknown"}[value]


def kleene_table(operator: str) -> str:
    """The table of `not`, or of an operator between two conditions."""
    if operator == "not":
        return _table(
            ["`a`", "`not a`"], [[said(t), said(v)] for t, v in zip(TRUTHS, outcomes("not a", "a"), strict=True)]
        )
    found = outcomes(f"a {operator} b", "ab")
    rows = [[f"**{said(t)}**", *map(said, found[3 * k : 3 * k + 3])] for k, t in enumerate(TRUTHS)]
    return _table([f"`a {operator} b`", *(f"`b` {said(t)}" for t in TRUTHS)], rows)


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
