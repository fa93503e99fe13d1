"""The rows of a synthesis: more are drawn than are wanted, and those are kept that look most like the real ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from htdbu.compiler.program import Program
from htdbu.generators.arrays import Floats, Ints, Mask
from htdbu.generators.base import Generator
from htdbu.generators.drawing import REFUSED, Drawing
from htdbu.generators.draws import ranks_within
from htdbu.generators.exchange import exchange
from htdbu.generators.guard import Guard
from htdbu.generators.plan import Plan
from htdbu.generators.plan.cells import places_of
from htdbu.generators.relations import unlike
from htdbu.generators.selection import Selection, choose
from htdbu.generators.texture import Texture
from htdbu.solver.outcomes import hard_failures
from htdbu.solver.table import EncodedTable

Progress = Callable[[int, int], None]

_FEWEST_LIKE = 50
"""Fewer real rows than this say too little of what rows under the rules look like."""


def draw_rows(
    program: Program,
    texture: Texture,
    models: Sequence[Generator],
    real: EncodedTable,
    blank: EncodedTable,
    selection: Selection,
    seeds: Iterator[int],
    guard: Guard,
    progress: Progress | None = None,
) -> Drawing:
    """As many rows as `blank` has, in the cells of the plan; where too few could be drawn some are pending.

    Args:
        models: one to draw from; of two each draws half of the rows, and the rows not chosen are set aside.
        blank: the keys and texts of the rows.
        guard: tells which real rows no row may equal, and which rows are better left out.
    """
    plan, n = texture.plan, blank.n_rows
    cells = plan.shuffled(np.random.default_rng(next(seeds)))
    quotas = np.bincount(cells, minlength=len(plan.cells))
    places = np.arange(selection.drawn(n)) % max(n, 1)
    drawing = Drawing(program, texture, models, cells[places], blank.take(places), guard.refused)
    drawing.run(np.ceil(quotas * selection.enough).astype(np.int64), seeds, progress)
    drawing.steps.judge("sampled", drawing.first)
    drawing.steps.judge("redrawn", drawing.table)
    drawing.first = drawing.first.take(np.arange(n))
    sound = np.flatnonzero(drawing.sound)
    last = guard.memorised(drawing.table.take(sound), drawing.halves[sound])
    chosen = _chosen(program, drawing, real, plan, quotas, last, selection, next(seeds))
    drawing.keep(chosen, aside=len(models) > 1)
    _name(drawing, blank)
    drawing.steps.judge("chosen", drawing.table)
    return drawing


def _chosen(
    program: Program,
    drawing: Drawing,
    real: EncodedTable,
    plan: Plan,
    quotas: Ints,
    last: Mask,
    selection: Selection,
    seed: int,
) -> Ints:
    """The rows to keep: sound ones as far as there are any, those that come `last` at the end, then refused ones."""
    sound, refused = np.flatnonzero(drawing.sound), np.flatnonzero(~drawing.sound)
    have = np.minimum(np.bincount(drawing.cells[sound], minlength=quotas.size), quotas)
    texture = drawing.texture
    columns = [i for i, column in enumerate(program.columns) if not column.is_name]
    weights = real_weights(program, drawing, real, plan)
    seen = np.flatnonzero(weights)
    obeying, pool = real.take(seen), drawing.table.take(sound)
    last = last | unlike(texture, obeying, pool)
    picked = choose(
        texture.frame(obeying, columns),
        weights[seen],
        texture.frame(pool, columns),
        last,
        drawing.cells[sound],
        have,
        seed,
        selection,
    )
    picked = exchange(program, pool, drawing.cells[sound], picked, last, seed)
    lacking = (quotas - have)[drawing.cells[refused]]
    left = refused[ranks_within(drawing.cells[refused]) < lacking]
    return np.sort(np.concatenate([sound[picked], left]))


def real_weights(program: Program, drawing: Drawing, real: EncodedTable, plan: Plan) -> Floats:
    """How many rows of the plan each real row stands for; 0 where it breaks a rule or the plan has no such row.

    All are 0 where hardly any real row obeys.
    """
    places = places_of(real, drawing.normal, plan.columns, plan.conditions, plan.cells)
    places[hard_failures(program, real)] = -1
    rows = np.flatnonzero(places >= 0)
    counts = np.bincount(places[rows], minlength=len(plan.cells))
    weights = np.zeros(real.n_rows)
    if rows.size >= _FEWEST_LIKE:
        weights[rows] = (np.array(plan.counts) / np.maximum(counts, 1))[places[rows]]
    return weights


def _name(drawing: Drawing, blank: EncodedTable) -> None:
    """Give the rows their keys and texts; where that breaks a rule they are pending."""
    made = [i for i, column in enumerate(drawing.program.columns) if column.is_name]
    for i in made:
        drawing.table.values[i] = blank.values[i]
        if i not in drawing.texture.absence.trees:
            drawing.table.states[i] = blank.states[i]
    if made and drawing.pending.size < drawing.table.n_rows:
        drawing.ways[drawing.refused(drawing.table, drawing.cells)] = REFUSED
        drawing.pending = np.flatnonzero(~drawing.sound)
