"""Drawing a table column by column: the scheme that the tree models share.

The real table's columns get an order, strongly dependent ones first. Each column that is not given is drawn
from a model of it given the (at most `max_conditioning`) columns that tell most about it, among those given
and those already drawn. Such a model is trained when a draw first needs it, on rows and with a seed that
depend on the fitted table alone, and kept: the same question later costs only its draw.

Where real rows keep sums of their cells (see `identities`), drawn rows may keep them too: first it is drawn whether one
of them decides the cell, and if so which.
"""

from __future__ import annotations

import os
from abc import abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from htdbu.generators.arrays import Floats, Ints, Mask, Ranks
from htdbu.generators.base import TableGenerator
from htdbu.generators.dependence import COMPARED_ROWS, dependence, drawing_order
from htdbu.generators.draws import Conditional, draw_by_uniform, stream
from htdbu.generators.identities import COMPARED_ROWS as ADDED_ROWS
from htdbu.generators.identities import (
    Identity,
    dependents,
    find_identities,
    frequent_cells,
    identity_state,
    in_order,
    restore_identities,
    spreads,
)
from htdbu.generators.lines import Line, cells_at, points_of
from htdbu.generators.settings import whole
from htdbu.generators.stored import State, Stored, lists
from htdbu.generators.table import Column
from htdbu.generators.tied import Tied, learn_tied, usable
from htdbu.generators.values import positions

MOST_TIED = 8  # identities that decide about one column
KEPT_MODELS = 256  # at least; beyond, those used longest ago go
CHUNK = 50_000  # rows drawn at once

Question = tuple[int, tuple[int, ...], tuple[int, ...]]
"""A column to draw, the columns it is drawn from, and the places of the identities that can decide it."""
Make = Callable[[Column, Ranks, Sequence[Column], Ranks, int], Conditional]
"""Makes a model of a column from rows: its ranks, its conditioning columns and their groups; and a seed."""


class Marginal:
    """A column that nothing is known to depend on: its own distribution."""

    def __init__(self, column: Column) -> None:
        self.ends = column.ends

    def draw(self, features: Ranks, rng: np.random.Generator) -> Ranks:
        """One rank per row, whatever the features."""
        return draw_by_uniform(self.ends, rng.random(len(features))).astype(np.float64)


class SequentialGenerator(TableGenerator):
    """Draws one column after another; subclasses say how one is modelled.

    Args:
        max_rows: rows that a model is trained on, drawn once without replacement; None for all.
        max_conditioning: columns that a model conditions on.
        identities: whether to keep the sums that real rows keep; such a cell may hold what no real one does.
        allow_unique: see `TableGenerator`.
        random_state: see `Generator`.
        threads: see `Generator`; so many models are trained at once.

    Attributes:
        trains_in_threads: whether models may be trained side by side.
    """

    trains_in_threads: ClassVar[bool] = True

    order_: list[int]
    dependence_: Floats
    lines_: list[Line | None]
    identities_: tuple[Identity, ...]
    spread_: Floats
    chosen_: Ints
    rows_: Ranks
    points_: Floats
    frequent_: Mask
    models_: dict[Question, Conditional]
    prepared_: int
    trained_: int

    def __init__(
        self,
        *,
        max_rows: int | None,
        max_conditioning: int,
        identities: bool = False,
        allow_unique: bool = False,
        random_state: int | None = None,
        threads: int | None = None,
    ) -> None:
        super().__init__(allow_unique=allow_unique, random_state=random_state, threads=threads)
        self.max_rows = None if max_rows is None else whole("max_rows", max_rows)
        self.max_conditioning = whole("max_conditioning", max_conditioning, least=0)
        self.identities = identities

    @abstractmethod
    def _train(
        self, column: Column, target: Ranks, conditions: Sequence[Column], features: Ranks, seed: int
    ) -> Conditional:
        """A model of `column` from the kept rows: its ranks, its conditioning columns and their groups."""

    @abstractmethod
    def _model_state(self, model: Any) -> State:
        """What such a model has learned beyond those rows."""

    @abstractmethod
    def _restore_model(
        self, column: Column, target: Ranks, conditions: Sequence[Column], features: Ranks, stored: Stored
    ) -> Conditional:
        """The model that was trained on these rows and had that state."""

    def _kept_rows(self) -> int | None:
        """How many rows models are made from, None for all; the first `max_rows` of them are for training."""
        return self.max_rows

    def _learn(self, ranks: Ranks) -> None:
        shuffled = stream(self.entropy_, 0).permutation(len(ranks))
        self.dependence_ = dependence(self.table_.columns, self._features(ranks[shuffled[:COMPARED_ROWS]]))
        self.order_ = drawing_order(self.dependence_)
        self.lines_ = self._lines()
        some = ranks[shuffled[:ADDED_ROWS]]
        points = points_of(self.lines_, some)
        self.identities_ = find_identities(self.lines_, points, frequent_cells(self.table_.columns, some))
        self.spread_ = spreads(points)
        self._keep(ranks, shuffled[: self._kept_rows()])

    def _lines(self) -> list[Line | None]:
        return [Line.of(column) if self.identities else None for column in self.table_.columns]

    def _keep(self, ranks: Ranks, chosen: Ints) -> None:
        """Keep the rows that models are made from."""
        self.chosen_, self.rows_ = chosen, ranks[chosen]
        kept = self.rows_ if self.identities_ else self.rows_[:0]
        self.points_, self.frequent_ = points_of(self.lines_, kept), frequent_cells(self.table_.columns, kept)
        self.models_, self.prepared_, self.trained_ = {}, 0, 0

    def _state(self) -> State:
        models = enumerate(self.models_.values())
        return {
            "order": np.array(self.order_, np.int64),
            "dependence": self.dependence_,
            "spread": self.spread_,
            "chosen": self.chosen_,
            "identities": identity_state(self.identities_),
            "targets": np.array([target for target, _, _ in self.models_], np.int64),
            "conditions": lists([conditions for _, conditions, _ in self.models_]),
            "tied": lists([tied for _, _, tied in self.models_]),
            "models": {str(k): self._states(model) for k, model in models},
        }

    def _states(self, model: Conditional) -> State:
        """The states of the models that one question has, in the order in which they are trained."""
        parts = [model.which, model.free] if isinstance(model, Tied) else [model]
        learned = [part for part in parts if not isinstance(part, Marginal)]
        return {str(k): self._model_state(part) for k, part in enumerate(learned)}

    def _restore(self, ranks: Ranks, stored: Stored) -> None:
        rows, columns = ranks.shape
        self.order_ = stored.ints("order", low=0, high=columns, size=columns).tolist()
        if len(set(self.order_)) < columns:
            raise stored.damaged("order")
        self.dependence_ = stored.floats("dependence", (columns, columns))
        self.spread_ = stored.floats("spread", (columns,))
        self.lines_ = self._lines()
        self.identities_ = restore_identities(stored.part("identities"), self.lines_)
        self._keep(ranks, stored.ints("chosen", low=0, high=rows))
        if not self.chosen_.size:
            raise stored.damaged("chosen")
        models = stored.part("models")
        for k, question in enumerate(self._stored_questions(stored, columns)):
            self.models_[question] = self._model(question, self._restoring(models.part(k)))
        self.prepared_ = len(self.models_)

    def _stored_questions(self, stored: Stored, columns: int) -> list[Question]:
        targets = stored.ints("targets", low=0, high=columns).tolist()
        conditions = stored.lists("conditions", low=0, high=columns)
        tied = stored.lists("tied", low=0, high=len(self.identities_))
        if not len(targets) == len(conditions) == len(tied):
            raise stored.damaged("targets")
        for target, given, deciding in zip(targets, conditions, tied, strict=True):
            if target in given or any(target not in self.identities_[k].columns for k in deciding):
                raise stored.damaged("targets")
        return list(zip(targets, conditions, tied, strict=True))

    def _restoring(self, stored: Stored) -> Make:
        """Gives the models of one question, one after another, from their states."""
        places = count()

        def make(column: Column, target: Ranks, given: Sequence[Column], features: Ranks, seed: int) -> Conditional:
            return self._restore_model(column, target, given, features, stored.part(next(places)))

        return make

    @property
    def trained(self) -> int:
        """How many models draws and `prepare` have trained; see `Generator.trained`."""
        return self.trained_

    def prepare(self, given: Iterable[Collection[str]], progress: Callable[[int, int], None] | None = None) -> None:
        """Train the models that draws with these columns given need; see `Generator.prepare`."""
        sets = [np.flatnonzero(self.table_.labels.isin(list(labels))).tolist() for labels in given]
        columns = range(len(self.order_))
        asked = (self._questions(known, set(columns).difference(known)) for known in sets)
        questions = list(dict.fromkeys(question for each in asked for question in each))
        self.prepared_ = len({*questions, *self.models_})
        self._models(questions, progress)

    def _features(self, ranks: Ranks) -> Ranks:
        columns = zip(self.table_.columns, ranks.T, strict=True)
        return np.column_stack([column.group_of(cells) for column, cells in columns])

    def fill(
        self, ranks: Ranks, known: Mapping[int, pd.Series[Any]], seed: int, wanted: Collection[int]
    ) -> dict[int, pd.Series[Any]]:
        """Draw one wanted column after another; see `TableGenerator.fill`."""
        questions = self._questions(known, wanted)
        models = self._models(questions)
        features, points = np.empty_like(ranks), np.full_like(ranks, np.nan)
        for at, series in known.items():
            features[:, at] = self.table_.columns[at].group_of(ranks[:, at])
            points[:, at] = self._points_of(at, series)
        made: dict[int, pd.Series[Any]] = {}
        for question, model in zip(questions, models, strict=True):
            rng = stream(seed, 1, question[0])
            parts = [
                self._draw(question, model, slice(low, low + CHUNK), ranks, features, points, rng)
                for low in range(0, len(ranks), CHUNK)
            ]
            made[question[0]] = pd.concat(parts)
        return {at: cells for at, cells in made.items() if len(cells)}

    def _draw(
        self,
        question: Question,
        model: Conditional,
        rows: slice,
        ranks: Ranks,
        features: Ranks,
        points: Floats,
        rng: np.random.Generator,
    ) -> pd.Series[Any]:
        """Draw one column of some rows; the cells that no real row holds, by row."""
        target, conditions, _ = question
        seen, line, substitutes = features[rows, list(conditions)], self.lines_[target], self.substitutes_[target]
        ranks[rows, target] = model.draw(seen, rng)
        made = self.table_.columns[target].symbols.iloc[:0]
        if substitutes is not None:
            made = substitutes.draw(ranks[rows, target], rng)
            made.index += rows.start
        if line is not None:
            points[rows, target] = line.at(ranks[rows, target])
            points[made.index, target] = self._points_of(target, made)
            if isinstance(model, Tied):
                decided, solved = model.decide(target, line, seen, points[rows], rng)
                places = rows.start + np.flatnonzero(decided)
                points[places, target], ranks[places, target] = solved, line.ranks(solved)
                new = places[ranks[places, target] != np.floor(ranks[places, target])]
                summed = cells_at(points[new, target], self.table_.columns[target].symbols).set_axis(new)
                made = pd.concat([made.drop(places, errors="ignore"), summed])
        features[rows, target] = self.table_.columns[target].group_of(ranks[rows, target])
        return made

    def _points_of(self, at: int, series: pd.Series[Any]) -> Floats:
        """Given cells as points; NaN where they are none of the column's line."""
        points = np.full(len(series), np.nan)
        if self.lines_[at] is not None and series.dtype == self.table_.columns[at].symbols.dtype:
            there = series.notna().to_numpy()
            found = positions(series[there])
            if found is not None:
                points[there] = found
        return points

    def _questions(self, known: Iterable[int], wanted: Collection[int]) -> list[Question]:
        """What to draw, in order, and from which columns."""
        drawn = set(known)
        questions = []
        for target in in_order(self.order_, dependents(self.identities_, self.spread_, drawn)):
            if target in wanted:
                tied = usable(self.identities_, target, drawn, MOST_TIED)
                questions.append((target, self._conditions(target, drawn), tied))
                drawn.add(target)
        return questions

    def _conditions(self, target: int, drawn: set[int]) -> tuple[int, ...]:
        """The drawn columns that tell most about the target; flat ones tell nothing."""
        useful = [at for at in drawn if not self.table_.columns[at].is_flat]
        useful.sort(key=lambda at: (-self.dependence_[target, at], at))
        return tuple(sorted(useful[: self.max_conditioning]))

    def _models(
        self, questions: list[Question], progress: Callable[[int, int], None] | None = None
    ) -> list[Conditional]:
        """The models of these questions, trained where they are new."""
        new = [question for question in questions if question not in self.models_]
        trained = []
        for model in self._train_all(new):
            trained.append(model)
            if progress is not None:
                progress(len(trained), len(new))
        self.trained_ += len(new)
        self.models_.update(zip(new, trained, strict=True))
        models = [self.models_.pop(question) for question in questions]
        self.models_.update(zip(questions, models, strict=True))
        for stale in list(self.models_)[: -max(KEPT_MODELS, 2 * len(self.order_), self.prepared_)]:
            del self.models_[stale]
        return models

    def _train_all(self, questions: list[Question]) -> Iterator[Conditional]:
        """The models of these questions, one after another; several are trained at once where that may be."""
        threads = self.threads or os.cpu_count() or 1
        if not self.trains_in_threads or threads == 1 or len(questions) < 2:
            yield from (self._model(question, self._train) for question in questions)
            return
        with ThreadPoolExecutor(threads) as pool:
            try:
                yield from pool.map(lambda question: self._model(question, self._train), questions)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def _model(self, question: Question, make: Make) -> Conditional:
        target, conditions, tied = question
        column = self.table_.columns[target]
        given = [self.table_.columns[at] for at in conditions]
        groups = [each.group_of(self.rows_[:, at]) for each, at in zip(given, conditions, strict=True)]
        features = np.column_stack(groups) if groups else np.empty((len(self.rows_), 0))
        seed = int(stream(self.entropy_, 2, target).integers(2**31))

        def train(column: Column, ranks: Ranks, rows: Mask) -> Conditional:
            if column.is_flat or not conditions:
                return Marginal(column)
            return make(column, ranks[rows], given, features[rows], seed)

        if not tied:
            return train(column, self.rows_[:, target], np.ones(len(self.rows_), bool))
        identities = tuple(self.identities_[k] for k in tied)
        return learn_tied(identities, self.points_, self.frequent_, column, self.rows_[:, target], train)
