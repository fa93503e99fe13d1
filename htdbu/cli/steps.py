"""The steps that more than one command takes: rows made, rows measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from htdbu.cli.progress import progress_bar
from htdbu.errors import UsageError

if TYPE_CHECKING:
    from pandas import DataFrame

    from htdbu.compiler.program import Program
    from htdbu.evaluation import Scores
    from htdbu.generators import FittedModel, SynthesisResult


def fit_model(
    programs: Sequence[Program],
    real: DataFrame,
    *,
    generator: str | None = None,
    settings: Mapping[str, str] | None = None,
    allow_unique: bool = False,
    seed: int,
    threads: int | None,
    nulls: Sequence[str] = (),
    layout: Mapping[str, Any],
) -> FittedModel:
    """Learn a table while a bar shows how far that is.

    Raises:
        UsageError: the generator cannot be saved.
    """
    from htdbu.generators import create, fit
    from htdbu.generators.registry import DEFAULT
    from htdbu.generators.settings import read_settings

    name = generator or DEFAULT
    if not create(name).savable:
        way_out = f"synthesize from the real rows instead: htdbu synthesize RULES REAL --generator {name}"
        raise UsageError(f"what {name} learns cannot be saved", way_out)
    with progress_bar("fitting") as progress:
        return fit(
            real,
            programs,
            generator=name,
            settings=read_settings(name, settings or {}),
            allow_unique=allow_unique,
            random_state=seed,
            threads=threads,
            nulls=nulls,
            progress=progress,
            layout=layout,
        )


def make_rows(
    program: Program,
    real: DataFrame | FittedModel,
    n: int,
    *,
    generator: str | None = None,
    settings: Mapping[str, str] | None = None,
    select: bool = True,
    allow_unique: bool = False,
    no_copies: bool = False,
    max_dcr_share: float | None = None,
    seed: int,
    threads: int | None,
    nulls: Sequence[str] = (),
    pools: Mapping[str, DataFrame] | None = None,
) -> SynthesisResult:
    """Synthesize `n` rows while a bar shows how far that is."""
    from htdbu.generators import Selection, synthesize
    from htdbu.generators.registry import DEFAULT
    from htdbu.generators.settings import read_settings

    own = read_settings(generator or DEFAULT, settings) if settings else None
    selection = Selection() if select else Selection(factor=1)
    with progress_bar("synthesizing") as progress:
        return synthesize(
            program,
            real,
            n,
            generator=generator,
            settings=own,
            random_state=seed,
            threads=threads,
            nulls=nulls,
            progress=progress,
            pools=pools,
            selection=selection,
            allow_unique=allow_unique,
            no_copies=no_copies,
            max_dcr_share=max_dcr_share,
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
    joint: Sequence[str] | None = None,
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
        joint=joint,
    )


def report_page(
    program: Program,
    rules: str,
    real: DataFrame,
    synthetic: DataFrame,
    scores: Scores,
    *,
    synthesis: Mapping[str, Any] | None = None,
    rounds: Sequence[Mapping[str, Any]] = (),
    text: str | None = None,
    nulls: Sequence[str] = (),
    show_real: bool = False,
) -> str:
    """The report as one HTML file; `rules` is the path of the rule file, whose text it shows unless one is given."""
    from htdbu.compiler.compile import read_source
    from htdbu.evaluation import render_report

    if text is None and Path(rules).suffix != ".json":
        text = read_source(rules).text
    return render_report(
        program,
        real,
        synthetic,
        scores,
        synthesis=synthesis,
        rounds=rounds,
        rules_text=text,
        rules_file=rules,
        nulls=nulls,
        show_real=show_real,
    )


def target_column(program: Program, target: str | None) -> str:
    """The column that a model learns to predict: by name or header, by default that of the first factor.

    Raises:
        UsageError: there is no such column, or none is named and the rules have no factor.
    """
    from htdbu.compiler.diagnostics.suggest import did_you_mean

    if target is None:
        if not program.factors:
            raise UsageError("nothing says what a model should learn to predict", "name a column with --target")
        return program.factors[0].column
    names = {column.header: column.name for column in program.columns} | {name: name for name in program.column_index}
    if target not in names:
        raise UsageError(f"there is no column `{target}`", did_you_mean(target, names))
    return names[target]
