"""The steps that more than one command takes: rows made, rows measured."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from htdbu.cli.progress import progress_bar
from htdbu.errors import UsageError

if TYPE_CHECKING:
    from pandas import DataFrame

    from htdbu.compiler.program import Program
    from htdbu.evaluation import Scores
    from htdbu.generators import SynthesisResult


def make_rows(
    program: Program,
    real: DataFrame,
    n: int,
    *,
    generator: str,
    seed: int,
    threads: int | None,
    nulls: Sequence[str] = (),
) -> SynthesisResult:
    """Synthesize `n` rows while a bar shows how far that is."""
    from htdbu.generators import synthesize

    with progress_bar("synthesizing") as progress:
        return synthesize(
            program,
            real,
            n,
            generator=generator,
            random_state=seed,
            threads=threads,
            nulls=nulls,
            progress=progress,
        )


def measure(
    program: Program,
    real: DataFrame,
    synthetic: DataFrame,
    target: str | None,
    *,
    test: DataFrame | None = None,
    seed: int,
    nulls: Sequence[str] = (),
    raw_violations: dict[str, Any] | None = None,
) -> Scores:
    """Measure synthetic rows against real ones."""
    from htdbu.evaluation import evaluate

    column = target_column(program, target)
    return evaluate(
        program,
        real,
        synthetic,
        column,
        test=test,
        random_state=seed,
        nulls=nulls,
        raw_violations=raw_violations,
    )


def target_column(program: Program, target: str | None) -> str:
    """The column that a model learns to predict: by name or header, by default that of the first factor.

    Raises:
        UsageError: none is named and the rules have no factor.
    """
    if target is None and not program.factors:
        raise UsageError("nothing says what a model should learn to predict", "name a column with --target")
    if target is None:
        return program.factors[0].column
    by_header = {column.header: column.name for column in program.columns}
    return target if target in program.column_index else by_header.get(target, target)
