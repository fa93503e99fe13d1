"""G(z | S): plan, sample given the plan, drop and redraw under the plan, project what is left, derive."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from htdbu.compiler.program import Program
from htdbu.errors import DataError, UsageError
from htdbu.generators import registry
from htdbu.generators.base import Generator
from htdbu.generators.drawing import WAYS
from htdbu.generators.finish import blank_rows, finish
from htdbu.generators.plan import Plan, make_plan
from htdbu.generators.pool import draw_rows
from htdbu.generators.projection import project
from htdbu.generators.relations import relations
from htdbu.generators.result import SynthesisReport, SynthesisResult
from htdbu.generators.selection import DEFAULT, Selection
from htdbu.generators.several import settle_several
from htdbu.generators.texture import Texture
from htdbu.solver.check import check
from htdbu.solver.decoding import decode_like
from htdbu.solver.encoding import encode
from htdbu.solver.frames import to_pandas
from htdbu.solver.pools import given_pools

Progress = Callable[[int, int], None]


def synthesize(
    program: Program,
    real: Any,
    n: int,
    generator: str | Generator = registry.DEFAULT,
    random_state: int | None = None,
    threads: int | None = None,
    nulls: Sequence[str] = (),
    progress: Progress | None = None,
    pools: Mapping[str, Any] | None = None,
    selection: Selection = DEFAULT,
) -> SynthesisResult:
    """Draw `n` rows that obey every hard rule and keep the texture of the real ones.

    Args:
        program: the skeleton S.
        real: the rows to learn from (pandas, polars or Arrow).
        n: how many rows to make.
        generator: the name of a registered generator, or one of your own.
        random_state: the same seed gives the same bytes, whatever `threads` is.
        threads: how many threads may work; all cores by default.
        nulls: further texts that mean null in `real`.
        progress: called with the rows done and the rows asked for.
        selection: how rows are chosen among more of them.
        pools: tables with the columns `text` and `label`, by the names of the pools; the real rows by default.

    Raises:
        DataError: where the real table does not fit the program or is empty.
        InfeasibleError: where the rules or the targets leave no table of `n` rows.
        UsageError: for a negative `n` or an unknown generator.
    """
    started = time.perf_counter()
    if n < 0:
        raise UsageError(f"cannot make {n} rows", "ask for 0 or more")
    frame = to_pandas(real)
    table = encode(program, frame, nulls)
    if table.n_rows == 0:
        raise DataError("the real table has no rows to learn from", "give at least one row")
    given = given_pools(program, pools)
    seeds = _seeds(random_state)
    plan = make_plan(program, table, n)
    texture = Texture(program, table, plan)
    model = (
        registry.create(generator, random_state=next(seeds), threads=threads)
        if isinstance(generator, str)
        else generator
    )
    model.fit(texture.real)
    drawing = draw_rows(program, texture, model, table, blank_rows(program, table, n), selection, seeds, progress)
    drawn = {name: int((drawing.ways == way).sum()) for name, way in WAYS.items()}
    ways = drawn | project(drawing, threads)
    drawing.steps.judge("repaired", drawing.table)
    settle_several(drawing, table, seeds, threads)
    data = finish(program, drawing.table, table, frame, np.random.default_rng(next(seeds)), given)
    raw, violations = (
        check(program, rows, frame, nulls=nulls).to_dict()
        for rows in (decode_like(program, drawing.first, frame), data)
    )
    drawing.steps.finish(violations)
    report = SynthesisReport(
        rows=n,
        plan=plan.summary(program, drawing.table),
        ways=ways,
        rounds=drawing.rounds,
        relations=relations(texture, table, drawing.table),
        raw_violations=raw,
        violations=violations,
        steps=drawing.steps.taken,
        generator=generator if isinstance(generator, str) else type(generator).__name__,
        seed=random_state,
        seconds=time.perf_counter() - started,
        warnings=_warnings(n, plan, raw),
    )
    return SynthesisResult(data, report)


def _seeds(random_state: int | None) -> Iterator[int]:
    """Seeds without end, the same for the same start."""
    rng = np.random.default_rng(random_state)
    while True:
        yield int(rng.integers(2**32))


def _warnings(n: int, plan: Plan, raw: Mapping[str, Any]) -> tuple[str, ...]:
    """What a user should know before relying on the rows."""
    found = []
    if not plan.exact:
        found.append(f"{n} rows are too few to meet all targets; the plan comes as near as it can")
    if n and raw["violating_rows"] == n:
        found.append(
            "no row obeyed the rules as first sampled; how real the rows look rests on the rules more than on the data"
        )
    return tuple(found)
