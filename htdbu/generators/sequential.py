"""Drawing a table column by column: the scheme that the tree models share.

The real table's columns get an order, strongly dependent ones first. Each column that is not given is drawn
from a model of it given the (at most `max_conditioning`) columns that tell most about it, among those given
and those already drawn. Such a model is trained when a draw first needs it, on rows and with a seed that
depend on the fitted table alone, and kept: the same question later costs only its draw.
"""

from __future__ import annotations

import os
from abc import abstractmethod
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar, Protocol

import numpy as np

from htdbu.generators.arrays import Floats, Ranks
from htdbu.generators.base import TableGenerator
from htdbu.generators.dependence import COMPARED_ROWS, dependence, drawing_order
from htdbu.generators.draws import draw_by_uniform, stream
from htdbu.generators.table import Column

KEPT_MODELS = 256  # at least; beyond, those used longest ago go
CHUNK = 50_000  # rows drawn at once

Question = tuple[int, tuple[int, ...]]
"""A column to draw, and the columns it is drawn from."""


class Conditional(Protocol):
    """A model of one column given others."""

    def draw(self, features: Ranks, rng: np.random.Generator) -> Ranks:
        """One rank per row of `features`, drawn from the conditional distribution."""


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
        random_state: see `Generator`.
        threads: see `Generator`; so many models are trained at once.

    Attributes:
        trains_in_threads: whether models may be trained side by side.
    """

    trains_in_threads: ClassVar[bool] = True

    order_: list[int]
    dependence_: Floats
    rows_: Ranks
    models_: dict[Question, Conditional]

    def __init__(
        self,
        *,
        max_rows: int | None,
        max_conditioning: int,
        random_state: int | None = None,
        threads: int | None = None,
    ) -> None:
        super().__init__(random_state=random_state, threads=threads)
        self.max_rows = max_rows
        self.max_conditioning = max_conditioning

    @abstractmethod
    def _train(self, column: Column, target: Ranks, features: Ranks, seed: int) -> Conditional:
        """A model of `column` from the kept rows: its ranks, and the groups of its conditioning columns."""

    def _kept_rows(self) -> int | None:
        """How many rows models are made from, None for all; the first `max_rows` of them are for training."""
        return self.max_rows

    def _learn(self, ranks: Ranks) -> None:
        shuffled = stream(self.entropy_, 0).permutation(len(ranks))
        self.dependence_ = dependence(self.table_.columns, self._features(ranks[shuffled[:COMPARED_ROWS]]))
        self.order_ = drawing_order(self.dependence_)
        self.rows_ = ranks[shuffled[: self._kept_rows()]]
        self.models_ = {}

    def _features(self, ranks: Ranks) -> Ranks:
        columns = zip(self.table_.columns, ranks.T, strict=True)
        return np.column_stack([column.group_of(cells) for column, cells in columns])

    def _fill(self, ranks: Ranks, known: frozenset[int], seed: int) -> None:
        questions = self._questions(known)
        models = self._models(questions)
        features = np.empty_like(ranks)
        for at in known:
            features[:, at] = self.table_.columns[at].group_of(ranks[:, at])
        for (target, conditions), model in zip(questions, models, strict=True):
            rng = stream(seed, 1, target)
            for low in range(0, len(ranks), CHUNK):
                rows = slice(low, low + CHUNK)
                ranks[rows, target] = model.draw(features[rows, list(conditions)], rng)
            features[:, target] = self.table_.columns[target].group_of(ranks[:, target])

    def _questions(self, known: Iterable[int]) -> list[Question]:
        """What to draw, in order, and from which columns."""
        drawn = set(known)
        questions = []
        for target in self.order_:
            if target not in drawn:
                questions.append((target, self._conditions(target, drawn)))
                drawn.add(target)
        return questions

    def _conditions(self, target: int, drawn: set[int]) -> tuple[int, ...]:
        """The drawn columns that tell most about the target; flat ones tell nothing."""
        useful = [at for at in drawn if not self.table_.columns[at].is_flat]
        useful.sort(key=lambda at: (-self.dependence_[target, at], at))
        return tuple(sorted(useful[: self.max_conditioning]))

    def _models(self, questions: list[Question]) -> list[Conditional]:
        """The models of these questions, trained where they are new."""
        new = [question for question in questions if question not in self.models_]
        threads = self.threads or os.cpu_count() or 1
        if self.trains_in_threads and threads > 1 and len(new) > 1:
            with ThreadPoolExecutor(threads) as pool:
                try:
                    trained = list(pool.map(self._model, new))
                except BaseException:
                    pool.shutdown(wait=False, cancel_futures=True)
                    raise
        else:
            trained = [self._model(question) for question in new]
        self.models_.update(zip(new, trained, strict=True))
        models = [self.models_.pop(question) for question in questions]
        self.models_.update(zip(questions, models, strict=True))
        for stale in list(self.models_)[: -max(KEPT_MODELS, 2 * len(self.order_))]:
            del self.models_[stale]
        return models

    def _model(self, question: Question) -> Conditional:
        target, conditions = question
        column = self.table_.columns[target]
        if column.is_flat or not conditions:
            return Marginal(column)
        features = [self.table_.columns[at].group_of(self.rows_[:, at]) for at in conditions]
        seed = int(stream(self.entropy_, 2, target).integers(2**31))
        return self._train(column, self.rows_[:, target], np.column_stack(features), seed)
