"""Tune: settle what to change, then make the rows."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from htdbu.compiler.compile import read_source
from htdbu.compiler.diagnostics.suggest import did_you_mean
from htdbu.compiler.program import Program
from htdbu.errors import InfeasibleError, UsageError
from htdbu.evaluation.tuning.evidence import Evidence
from htdbu.evaluation.tuning.recipe import Recipe
from htdbu.evaluation.tuning.result import TuneResult, Tuning
from htdbu.evaluation.tuning.rows import RealRows
from htdbu.evaluation.tuning.settle import MOST_ROUNDS, settle
from htdbu.evaluation.tuning.setup import Setup
from htdbu.generators.base import Generator
from htdbu.generators.result import SynthesisResult
from htdbu.generators.synthesis import synthesize
from htdbu.grammar.source import Source
from htdbu.solver.outcomes import rules_over_rows


def tune(
    rules: str | Path | Source,
    real: Any,
    n: int,
    *,
    generator: str | Generator | None = None,
    settings: Mapping[str, Any] | None = None,
    target: str | None = None,
    keep: Collection[str] = (),
    apply: bool = False,
    max_rounds: int = MOST_ROUNDS,
    random_state: int = 0,
    threads: int | None = None,
    nulls: Sequence[str] = (),
    params: Mapping[str, object] | None = None,
    pools: Mapping[str, Any] | None = None,
    progress: Callable[[str], None] | None = None,
) -> TuneResult:
    """Find out what is at fault where synthetic rows are unlike the real ones, mend it, and make `n` rows.

    One half of the real rows is learned from while the other judges; the rows that are given back are learned from all
    of them. No file is written: `TuneResult.patch` and `TuneResult.rules_text` say what to do about the rules.

    Args:
        rules: the path of a `.htr` file, or its source.
        real: the real rows (pandas, polars or Arrow).
        n: how many rows to make.
        generator: what learns the texture: the name of a registered generator, or one of your own.
        settings: parameters of the generator, where it is given by its name.
        target: the column that a model learns to predict; by default that of the first factor.
        keep: rules, factors and targets that are meant as they are, whatever the real rows say.
        apply: whether the rows obey the patched rules; else they obey the rules as they stand.
        max_rounds: how many rounds there are at most, the first measurement counted.
        random_state: the same seed gives the same result.
        threads: how many threads may work.
        nulls: further texts that mean null.
        params: values for the file's params.
        pools: tables with the columns `text` and `label`, by the names of the pools.
        progress: called with what is done next, in words.

    Raises:
        CompileError: the rules have errors.
        DataError: the rules or the real rows cannot be read, or there are too few rows.
        InfeasibleError: the rules leave no table of `n` rows.
        UsageError: arguments that do not fit.
    """
    started = time.perf_counter()
    if n < 0:
        raise UsageError(f"cannot make {n} rows", "ask for 0 or more")
    if max_rounds < 1:
        raise UsageError(f"max_rounds is {max_rounds}", "give 1 or more")
    if random_state < 0:
        raise UsageError(f"the seed {random_state} is negative", "use 0 or more")
    source = rules if isinstance(rules, Source) else read_source(rules)
    if Path(source.name).suffix == ".json":
        raise UsageError(f"{source.name} holds the JSON form, which cannot be patched", "name the .htr file")
    before = Setup.of(source, Recipe.of(generator, settings or {}), params or {}, keep)
    _check_names(before, target)
    if target is None and before.program.factors:
        target = before.program.factors[0].column
    tell = progress or (lambda what: None)
    rows = RealRows(before.program, real, nulls, random_state)
    tuning = settle(before, Evidence(rows, threads, tell, pools), target, max_rounds)
    tell(f"{n:,} rows")
    made = _rows(tuning, tuning.after.program if apply else before.program, rows, n, threads, pools)
    return TuneResult(
        data=made.data,
        tuning=tuning,
        synthesis=made.report.to_dict(),
        patched=apply and tuning.patch is not None,
        seconds=time.perf_counter() - started,
    )


def _rows(
    tuning: Tuning, program: Program, rows: RealRows, n: int, threads: int | None, pools: Mapping[str, Any] | None
) -> SynthesisResult:
    """The rows, by the settled recipe, learned from all real rows.

    Raises:
        InfeasibleError: the program leaves none; where the patched one leaves some, the hint says so.
    """
    try:
        return synthesize(
            program,
            rows.raw,
            n,
            generator=tuning.after.recipe.make(rows.seed, threads),
            random_state=rows.seed,
            threads=threads,
            nulls=rows.nulls,
            pools=pools,
        )
    except InfeasibleError as error:
        if program is tuning.after.program:
            raise
        changes = "; ".join(each.action for each in tuning.rounds[1:] if each.accepted)
        raise InfeasibleError(
            error.message, f"--apply (apply=True) makes rows with these changes: {changes}"
        ) from error


def _check_names(setup: Setup, target: str | None) -> None:
    """Refuse names that the rules do not have."""
    program = setup.program
    known = [rule.name for rule in program.rules] + [rule.name for rule in rules_over_rows(program)]
    known += [factor.column for factor in program.factors] + [target.name for target in program.targets]
    known += [f"{column.name}.{kind}" for column in program.columns for kind in ("domain", "null", "derived")]
    for name in sorted(setup.keep):
        if name not in known:
            raise UsageError(f"there is no rule, factor or target `{name}` to keep", did_you_mean(name, known))
    if target is not None and target not in program.column_index:
        names = list(program.column_index)
        raise UsageError(f"there is no column `{target}`", did_you_mean(target, names))
