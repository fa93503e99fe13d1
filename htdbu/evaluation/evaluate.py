"""Evaluate: read the tables by the rules, settle what to compare, take every score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from htdbu.compiler.diagnostics.suggest import did_you_mean
from htdbu.compiler.program import Column, Program
from htdbu.errors import DataError, UsageError
from htdbu.evaluation.comparison import Comparison, RawTables
from htdbu.evaluation.scores import Scores, take_scores
from htdbu.solver.frames import to_pandas
from htdbu.solver.typed import typed_frame


def evaluate(
    program: Program,
    real: Any,
    synthetic: Any,
    target: str,
    test: Any = None,
    text_sentiment: str | None = None,
    random_state: int | None = 0,
    nulls: Sequence[str] = (),
    raw_violations: Mapping[str, Any] | None = None,
    joint: Sequence[str] | None = None,
) -> Scores:
    """Measure a synthetic table against real ones.

    Args:
        program: the rules.
        real: the rows that the generator learned from (pandas, polars or Arrow, cells typed or as texts).
        synthetic: the rows to measure.
        target: the column that a model learns to predict, by its name in the rules or its header.
        test: real rows that the generator did not see. Without them 30 % of `real` judge the models, and what needs
            unseen rows is None.
        text_sentiment: the column whose joint distribution with the target XModal compares. By default the column that
            labels the first text drawn from a pool, else a category `sentiment`, else the first column that the
            target's factor speaks of.
        random_state: the same seed gives the same scores; None draws anew every time.
        nulls: further texts that mean null.
        raw_violations: the check of the rows before any rule was enforced, as a synthesis reports it.
        joint: two or more columns whose joint distribution XModal compares, instead of the target and one other.

    Raises:
        DataError: a table lacks declared columns, or is none.
        UsageError: no such column; a negative seed; fewer than two columns in `joint`, or one of them twice.
    """
    if random_state is not None and random_state < 0:
        raise UsageError(f"the seed {random_state} is negative", "use 0 or more")
    judged = _column(program, target, "target")
    compared = _joint(program, judged, text_sentiment, joint)
    tables = {"real": real, "synthetic": synthetic, "test": test}
    typed = {name: _typed(program, name, table, nulls) for name, table in tables.items() if table is not None}
    comparison = Comparison(
        program=program,
        raw=RawTables(to_pandas(real), to_pandas(synthetic), tuple(nulls)),
        real=typed["real"],
        synthetic=typed["synthetic"],
        test=typed.get("test"),
        target=judged.name,
        joint=compared,
        random_state=random_state,
    )
    return take_scores(comparison, raw_violations)


def _typed(program: Program, name: str, table: Any, nulls: Sequence[str]) -> pd.DataFrame:
    """A table as typed columns; what is wrong with it says which table it is."""
    try:
        return typed_frame(program, table, nulls)
    except DataError as error:
        raise DataError(f"the {name} table: {error.message}", error.hint) from error


def _column(program: Program, name: str, role: str) -> Column:
    """The column of that name or header, of a type whose values can be counted."""
    found = next((c for c in program.columns if name in (c.name, c.header)), None)
    if found is None:
        names = [column.name for column in program.columns]
        hint = did_you_mean(name, names) or f"the columns are {', '.join(names)}"
        raise UsageError(f"the {role} {name!r} is not a column of the rules", hint)
    if found.type.kind == "text":
        raise UsageError(f"the {role} {name!r} is a text column", "choose one whose values can be counted")
    return found


def _joint(
    program: Program, target: Column, text_sentiment: str | None, joint: Sequence[str] | None
) -> tuple[str, ...]:
    """The columns of XModal: those that were named, else the target and the sentiment; none where there is neither."""
    if joint is None:
        mood = _sentiment(program, target, text_sentiment)
        return () if mood is None else (target.name, mood.name)
    if text_sentiment is not None:
        raise UsageError("both the columns of the joint and a sentiment are named", "give one of the two")
    names = [_column(program, name, "joint column").name for name in ([joint] if isinstance(joint, str) else joint)]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise UsageError(f"the joint has the column {twice!r} twice", "name every column once")
    if len(names) < 2:
        raise UsageError("a joint needs two or more columns", "name them as in: sex, education, income")
    return tuple(names)


def _sentiment(program: Program, target: Column, named: str | None) -> Column | None:
    """The column that XModal pairs with the target: the named one, else the first that the rules suggest."""
    if named is not None:
        return _column(program, named, "sentiment")
    labels = [c.pool_by for c in program.columns if c.type.kind == "text" and c.pool_by is not None]
    called = [c.name for c in program.columns if c.name == "sentiment" and c.type.kind == "category"]
    ruled = [
        attribute.column
        for factor in program.factors
        if factor.column == target.name
        for branch in factor.branches
        for attribute in branch.attributes
    ]
    found = [name for name in (*labels[:1], *called, *ruled[:1]) if name != target.name]
    return program.column(found[0]) if found else None
