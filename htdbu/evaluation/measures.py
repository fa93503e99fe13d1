"""The measures as people read them: what each is called, which question it answers, and what it is held against.

One line a measure. Where its value, or its floor, stands in `evaluate --format json` is a path of keys. A measure that
is missing there, or null, is left out everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from htdbu.evaluation import limits
from htdbu.evaluation.limits import Limit, Scores

Question = Literal["useful", "close", "private"]
Path = tuple[str, ...]
UNSEEN = 5e-4
"""What three digits do not show is no difference."""


@dataclass(frozen=True)
class Measure:
    """A line of the table below.

    Attributes:
        question: the question of the verdict that it answers.
        name: what it is called.
        value: where it stands; of several paths the first that holds a number.
        floor: where that stands which it is compared with, and `spread` how far the floor itself strays.
        against: what to hold a value against, in parts with `{floor}` or `{limit}`; parts whose number is missing are
            left out.
        limit: how far chance reaches from there.
        less: whether less is better.
        reads: how to read a value.
        whole: whether it counts rows; `share` whether it is a share of them.
        lead: whether it decides for its question, more than the others do.
    """

    question: Question
    name: str
    value: tuple[Path, ...]
    floor: tuple[Path, ...]
    against: tuple[str, ...]
    limit: Limit
    reads: str
    spread: Path = ()
    less: bool = True
    whole: bool = False
    share: bool = False
    lead: bool = False


@dataclass(frozen=True)
class Finding:
    """A measure that was taken: its value, the floor and the limit where there are any, and whether it keeps that."""

    measure: Measure
    value: float
    floor: float | None
    limit: float | None

    @property
    def within(self) -> bool | None:
        """Whether chance explains it; None where nothing says how far chance reaches."""
        if self.limit is None:
            return None
        gap = self.value - self.limit if self.measure.less else self.limit - self.value
        return gap <= (0 if self.measure.whole else UNSEEN)


def _scores(learner: str, words: str, top: bool) -> tuple[Measure, ...]:
    """The scores of models that learn from synthetic and from real rows, by one kind of learner."""

    def line(score: str, name: str, reads: str, *, less: bool = False, lead: bool = False) -> Measure:
        def places(side: str) -> tuple[Path, ...]:
            return (("utility", learner, side, score), *([(side, score)] if top else []))

        return Measure(
            question="useful",
            name=f"{name}, {words}",
            value=places("tstr"),
            floor=places("trtr"),
            spread=("utility", learner, "floor", score),
            against=("real rows: {floor}",),
            limit=limits.above if less else limits.below,
            less=less,
            lead=lead,
            reads=reads,
        )

    return (
        line("auroc", "AUROC", "How well it ranks: 0.5 is a coin toss, 1 is perfect.", lead=True),
        line("f1", "F1", "How well it cuts the classes: 1 is perfect."),
        line("accuracy", "accuracy", "The share of rows it gets right."),
        line("r2", "R²", "The part of the spread it explains: 0 is none, 1 is all.", lead=True),
        line("rmse", "RMSE", "How far it is off, in the target's own unit: 0 is perfect.", less=True),
    )


def _fidelity(name: str, words: str, reads: str) -> tuple[Measure, ...]:
    """An error beside that of real rows drawn anew: on the rows learned from, and on unseen ones, if there are any."""
    places = (("", words), ("_unseen", f"{words}, unseen rows"))
    return tuple(
        Measure(
            question="close",
            name=called,
            value=(("fidelity", f"{name}_error{end}"),),
            floor=(("fidelity", f"{name}_floor{end}"),),
            against=("floor: {floor}",),
            limit=limits.error,
            reads=reads,
        )
        for end, called in places
    )


def _support(name: str, words: str, reads: str) -> Measure:
    """A share of rows that should be 1."""
    return Measure(
        question="close",
        name=words,
        value=(("fidelity", name),),
        floor=(("fidelity", f"{name}_floor"),),
        spread=("fidelity", f"{name}_spread"),
        against=("floor: {floor}",),
        limit=limits.lower,
        reads=reads,
        less=False,
    )


MEASURES: tuple[Measure, ...] = (
    *_scores("linear", "linear model", top=True),
    *_scores("xgboost", "XGBoost", top=False),
    *_fidelity(
        "shape", "shape: single columns", "Mean distance of single columns: 0 is equal, 1 is entirely different."
    ),
    *_fidelity("trend", "trend: pairs of columns", "Mean distance of the joint tables of two columns, likewise."),
    Measure(
        "close",
        "XModal: joint of columns",
        (("xmodal",),),
        (("xmodal_floor",),),
        ("floor: {floor}",),
        limits.error,
        "Distance of the joint of the columns that stand under Joint: 0 is equal.",
    ),
    Measure(
        "close",
        "C2ST: told apart from real rows",
        (("fidelity", "c2st_auc"),),
        (("fidelity", "c2st_floor"),),
        ("0.5 is a coin toss", "chance reaches {limit}"),
        limits.coin,
        "AUC of boosted trees that tell synthetic rows from real ones: 0.5 they cannot, 1 always.",
        lead=True,
    ),
    _support("alpha_precision", "α-precision", "The share of rows that lie where real rows lie: 1 is all."),
    _support("beta_recall", "β-recall", "The share of real rows that have a synthetic row near: 1 is all."),
    Measure(
        "private",
        "nearer to a row that was learned from",
        (("privacy", "dcr_share"),),
        (("privacy", "dcr_floor"),),
        ("50 % is ideal", "chance reaches {limit}"),
        limits.half,
        "Share of rows nearer to rows that were learned from than to unseen real ones: 0.5 is ideal.",
        share=True,
    ),
    Measure(
        "private",
        "membership told",
        (("privacy", "mia_auc"),),
        (("privacy", "mia_floor"),),
        ("0.5 is a coin toss", "chance reaches {limit}"),
        limits.members,
        "AUC of guessing which real rows were learned from: 0.5 is a coin toss, 1 is always.",
    ),
    Measure(
        "private",
        "nearest-neighbour distance ratio",
        (("privacy", "nndr"),),
        (("privacy", "nndr_floor"),),
        ("floor: {floor}",),
        limits.lower,
        "Distance to the nearest real row by that to the second nearest: near 0, rows point at single real rows.",
        spread=("privacy", "nndr_spread"),
        less=False,
    ),
    Measure(
        "private",
        "exact copies of a real row",
        (("privacy", "copied_rows"),),
        (("privacy", "copied_rows_floor"),),
        ("by chance: {floor}",),
        limits.rare,
        "Rows that equal a real one in all columns but keys and texts.",
        whole=True,
    ),
)


def findings(scores: Scores, question: Question | None = None) -> list[Finding]:
    """Every measure that was taken, in the order of the table; of one question, or of all."""
    lines = [line for line in MEASURES if question in (None, line.question)]
    taken = ((line, number_at(scores, *line.value)) for line in lines)
    return [_finding(line, value, scores) for line, value in taken if value is not None]


def _finding(line: Measure, value: float, scores: Scores) -> Finding:
    # The floor has as many paths as the value: what is measured on unseen rows has its floor there.
    taken = next((i for i, path in enumerate(line.value) if number_at(scores, path) is not None), 0)
    floor = number_at(scores, line.floor[taken]) if taken < len(line.floor) else None
    spread = number_at(scores, line.spread) if line.spread else None
    return Finding(line, value, floor, line.limit(floor, spread, scores))


def number_at(scores: Scores, *paths: Sequence[str]) -> float | None:
    """The first number that stands at one of some paths."""
    for path in paths:
        found: Any = scores
        for key in path:
            found = found.get(key) if isinstance(found, Mapping) else None
        if isinstance(found, int | float) and not isinstance(found, bool):
            return found
    return None


def paths_known() -> set[Path]:
    """All paths that the table reads."""
    return {path for line in MEASURES for path in (*line.value, *line.floor, line.spread) if path}
