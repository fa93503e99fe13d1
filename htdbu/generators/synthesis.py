"""G(z | S): plan, sample given the plan, drop and redraw under the plan, project what is left, derive."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from htdbu.compiler.program import Program
from htdbu.errors import DataError, UsageError
from htdbu.generators import aiming, registry
from htdbu.generators.base import Generator
from htdbu.generators.copies import UniqueRows
from htdbu.generators.drawing import WAYS
from htdbu.generators.finish import blank_rows, finish
from htdbu.generators.fitted import FittedModel
from htdbu.generators.guard import Guard, Privacy
from htdbu.generators.plan import Plan, Unmet, make_plan
from htdbu.generators.pool import draw_rows
from htdbu.generators.projection import project
from htdbu.generators.relations import relations
from htdbu.generators.result import SynthesisReport, SynthesisResult
from htdbu.generators.selection import DEFAULT, Selection
from htdbu.generators.several import require_room, settle_several
from htdbu.generators.texture import Texture
from htdbu.solver.broken_rows import examples_of
from htdbu.solver.check import judge, row_reports
from htdbu.solver.decoding import decode_like
from htdbu.solver.encoding import encode
from htdbu.solver.frames import to_pandas
from htdbu.solver.pools import given_pools

Progress = Callable[[int, int], None]
MOST_EXAMPLES = 12
"""Rules whose violation in the first sample is shown by a row."""
_UNMET = {
    Unmet.IMPOSSIBLE: "{n} rows cannot meet all targets, though more might; the plan comes as near as it can",
    Unmet.UNDECIDED: "no plan of {n} rows was found that meets all targets, nor a proof that there is none; "
    "the plan comes as near as was found",
}


def synthesize(
    program: Program,
    real: Any,
    n: int,
    generator: str | Generator | None = None,
    random_state: int | None = None,
    threads: int | None = None,
    nulls: Sequence[str] = (),
    progress: Progress | None = None,
    pools: Mapping[str, Any] | None = None,
    selection: Selection = DEFAULT,
    allow_unique: bool = False,
    no_copies: bool = False,
    max_dcr_share: float | None = None,
    settings: Mapping[str, Any] | None = None,
) -> SynthesisResult:
    """Draw `n` rows that obey every hard rule and keep the texture of the real ones.

    Args:
        program: the skeleton S.
        real: the rows to learn from (pandas, polars or Arrow), or a model that was fitted to them (see `fit`).
        n: how many rows to make.
        generator: the name of a registered generator, or one of your own; only where there is no model.
        random_state: the same seed gives the same bytes, whatever `threads` is.
        threads: how many threads may work; all cores by default.
        nulls: further texts that mean null in `real`.
        progress: called with the rows done and the rows asked for.
        pools: tables with the columns `text` and `label`, by the names of the pools; the real rows by default.
        selection: how rows are chosen among more of them.
        allow_unique: whether a built-in generator may draw numbers and dates that one real row alone holds; of a
            generator of your own that is a parameter.
        no_copies: whether no row may equal, in all columns but keys, texts and derived ones, a real row that no other
            real row equals.
        max_dcr_share: at most so large a share of the rows, from 0.5 to 1, lies nearer to the real rows that they were
            learned from than to unseen ones (Gower's distance; ties count half). Each half of the real rows is then
            learned by a model of its own, and is what the other model has not seen.
        settings: parameters of the generator, where it is given by its name.

    Raises:
        DataError: where the real table does not fit the program or is empty.
        InfeasibleError: where the rules or the targets leave no table of `n` rows, or none as private as asked for.
        UsageError: for a negative `n`, an unknown generator, a share that cannot be asked for, or a model that has not
            learned what the rules need or was settled otherwise.
    """
    started = time.perf_counter()
    if n < 0:
        raise UsageError(f"cannot make {n} rows", "ask for 0 or more")
    asked = Privacy(no_copies, max_dcr_share)
    fitted = real if isinstance(real, FittedModel) else None
    if fitted is not None:
        _require_settled(fitted, generator, allow_unique, settings, asked)
    frame = to_pandas(real) if fitted is None else fitted.real
    nulls = tuple(nulls) if fitted is None else tuple(dict.fromkeys((*fitted.nulls, *nulls)))
    table = encode(program, frame, nulls)
    if table.n_rows == 0:
        raise DataError("the real table has no rows to learn from", "give at least one row")
    require_room(program, n)
    given = given_pools(program, pools)
    seeds = _seeds(random_state)
    plan = make_plan(program, table, n)
    texture = Texture(program, table, plan, conditions=fitted is None)
    if fitted is not None:
        name, model = fitted.name, fitted.drawing(program, table, texture.columns)
    else:
        generator = registry.DEFAULT if generator is None else generator
        seed = next(seeds) if isinstance(generator, str) else None
        name, model = registry.made(generator, seed, threads, allow_unique, settings)
    guard, blank = Guard.of(asked, texture, table, seeds, threads), blank_rows(program, table, n)
    models = guard.fitted(model)
    trained = sum(each.trained for each in models)
    drawing = draw_rows(program, texture, models, table, blank, selection, seeds, guard, progress)
    pending = ~drawing.sound
    mended = project(drawing, threads)
    changed = aiming.meet(program, drawing, table, threads)
    drawing.steps.judge("repaired", drawing.table)
    came = drawing.ways.copy()
    changed = (changed | settle_several(drawing, table, seeds, threads)) & ~pending
    drawn = {name: int((came[~changed] == way).sum()) for name, way in WAYS.items()}
    ways = drawn | mended | {"repaired": mended["repaired"] + int(changed.sum())}
    privacy = guard.held(drawing, table, seeds, threads)
    data = finish(program, drawing.table, table, frame, np.random.default_rng(next(seeds)), given)
    first = decode_like(program, drawing.first, frame)
    raw_table = encode(program, first, nulls)
    by_row = row_reports(program, raw_table)
    raw = judge(program, raw_table, table, by_row).to_dict()
    violations = judge(program, encode(program, data, nulls), table).to_dict()
    drawing.steps.finish(violations)
    report = SynthesisReport(
        rows=n,
        plan=plan.summary(program, drawing.table),
        ways=ways,
        rounds=drawing.rounds,
        relations=relations(texture, table, drawing.table),
        raw_violations=raw,
        raw_examples=examples_of(
            program, first, by_row, MOST_EXAMPLES, UniqueRows(table, texture.columns).copied(raw_table)
        ),
        violations=violations,
        real_violations=judge(program, table).to_dict(),
        steps=drawing.steps.taken,
        generator=name,
        trained=sum(each.trained for each in models) - trained,
        seed=random_state,
        seconds=time.perf_counter() - started,
        privacy=privacy,
        warnings=_warnings(n, plan, ways, raw, violations),
    )
    return SynthesisResult(data, report)


def _seeds(random_state: int | None) -> Iterator[int]:
    """Seeds without end, the same for the same start."""
    rng = np.random.default_rng(random_state)
    while True:
        yield int(rng.integers(2**32))


def _require_settled(
    fitted: FittedModel,
    generator: str | Generator | None,
    allow_unique: bool,
    settings: Mapping[str, Any] | None,
    asked: Privacy,
) -> None:
    """Refuse what a model cannot be asked any more."""
    if generator is not None:
        raise UsageError(f"the model was fitted by {fitted.name} already", "name no generator, or give the real rows")
    if allow_unique or settings:
        name = "allow_unique is a parameter" if allow_unique else "settings are parameters"
        raise UsageError(f"{name} of the generator", "give it where the model is fitted")
    if asked.max_dcr_share is not None:
        raise UsageError(
            "a share of near rows is held by models of either half of the rows, and this one has learned all",
            "give the real rows in the place of the model",
        )


def _warnings(
    n: int, plan: Plan, ways: Mapping[str, int], raw: Mapping[str, Any], final: Mapping[str, Any]
) -> tuple[str, ...]:
    """What a user should know before relying on the rows."""
    found = []
    if plan.unmet is not None:
        found.append(_UNMET[plan.unmet].format(n=n))
    missed = [f"`{target['name']}`" for target in final["targets"] if n and target["met"] is False]
    if plan.unmet is None and missed:
        found.append(f"not met by rows that obey the rules and the plan: {', '.join(missed)}")
    if n and raw["violating_rows"] == n and not ways["sampled"]:
        found.append(
            "no row obeyed the rules as first sampled; how real the rows look rests on the rules more than on the data"
        )
    return tuple(found)
