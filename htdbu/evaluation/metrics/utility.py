"""TSTR and TRTR: what a model learns from synthetic rows, beside what it learns from as many real ones.

A model is trained on the synthetic rows and judged on real rows that it never saw ("train on synthetic, test on real",
Esteban, Hyland, Rätsch 2017, arXiv:1706.02633). The same model trained on equally many real rows, drawn by seed and
judged on the same rows, is the ceiling (TRTR); their difference is what the synthesis lost. Two kinds of models learn:
linear ones (`htdbu.evaluation.learners.linear`; `tstr` and `trtr` stand for these) and gradient-boosted trees
(`...boosted`, at most 50,000 rows). A target of classes is scored by accuracy, F1 and AUROC, those of the positive
class or, of several classes, the plain mean over them; a number of more than 20 values by RMSE and R2.

Floor, of each score: the mean of |score - TRTR| over five tables of as many rows (at most 50,000), drawn from the real
rows with replacement, that a model learned from and was judged on the same rows: a gap that is no larger is noise.
"""

from __future__ import annotations

import numpy as np

from htdbu.evaluation.comparison import Comparison, Measured, Metric, need_rows
from htdbu.evaluation.grading import NOTHING, Scores, Task, grade, grade_numbers
from htdbu.evaluation.learners import LEARNERS, Learner
from htdbu.evaluation.tasks import Labelled, class_task, labelled

TEST_SHARE = 0.3
REPEATS = 5
MOST_DRAWN = 50_000
_ALIKE = "no column tells the rows apart"


def measure(comparison: Comparison) -> Measured:
    """`tstr`, `trtr` and `utility`, each with accuracy, f1, auroc, rmse and r2."""
    why = need_rows(comparison)
    if why is not None:
        return _nothing(why)
    tables = [comparison.real, comparison.synthetic, *([] if comparison.test is None else [comparison.test])]
    names = [name for name in comparison.columns if name != comparison.target]
    classes, (real, synthetic, *held_out) = labelled(tables, comparison.target, names)
    train, test = (real, held_out[0]) if held_out else real.part(TEST_SHARE, comparison.rng("split"))
    task, why = _task(classes, train, test, comparison.target)
    if why is not None:
        return _nothing(why)
    notes = [] if held_out else [_split_note()]
    lessons = {"tstr": synthetic, "trtr": train.most(len(synthetic.truth), comparison.rng("trtr"))}
    draws = _draws(train, len(lessons["trtr"].truth), comparison)
    utility = {}
    for learner in LEARNERS:
        utility[learner.name], whys = _judged(learner, lessons, draws, test, task, comparison)
        notes += [why for why in whys if why not in notes]
    if len(train.truth) < len(synthetic.truth):
        notes.append(f"trtr: learned from all {len(train.truth)} real rows there are, fewer than the synthetic ones")
    first = utility[LEARNERS[0].name]
    return Measured({"tstr": first["tstr"], "trtr": first["trtr"], "utility": utility}, tuple(notes))


def _nothing(why: str) -> Measured:
    none = {part: dict(NOTHING) for part in ("tstr", "trtr", "floor")}
    utility = {learner.name: {part: dict(scores) for part, scores in none.items()} for learner in LEARNERS}
    values = {"tstr": dict(NOTHING), "trtr": dict(NOTHING), "utility": utility}
    return Measured(values, (f"tstr, trtr: {why}",))


def _split_note() -> str:
    return (
        f"tstr, trtr: no test rows were given; {TEST_SHARE:.0%} of the real rows, drawn by seed, stand in for them, "
        f"although the generator may have learned from them"
    )


def _task(classes: tuple[str, ...], train: Labelled, test: Labelled, target: str) -> tuple[Task | None, str | None]:
    """What is to be learned, None for a number; or why nothing can be."""
    if not len(test.truth):
        return None, "no test row has a known target in the real rows"
    if not classes:
        return None, None
    counts = np.bincount(np.concatenate([train.truth, test.truth]).astype(np.int64), minlength=len(classes))
    if np.count_nonzero(counts) < 2:
        return None, f"{target} has one class only in the real rows"
    return class_task(classes, counts), None


def _draws(train: Labelled, n: int, comparison: Comparison) -> list[Labelled]:
    """Tables of `n` rows drawn from the real ones with replacement."""
    if not len(train.truth):
        return []
    rng = comparison.rng("utility")
    return [train.take(rng.integers(len(train.truth), size=min(n, MOST_DRAWN))) for _ in range(REPEATS)]


def _judged(
    learner: Learner,
    lessons: dict[str, Labelled],
    draws: list[Labelled],
    test: Labelled,
    task: Task | None,
    comparison: Comparison,
) -> tuple[dict[str, Scores], list[str]]:
    """The scores of one kind of model and their floors; and why some are missing."""
    seed = comparison.seed("learner")
    values, whys = {}, []
    for key, lesson in lessons.items():
        taken = lesson.most(learner.most_rows, comparison.rng(f"{key} rows"))
        values[key], why = _score(learner, taken, test, task, seed)
        whys += [] if why is None else [f"{key}: {why}"]
    repeated = [_score(learner, drawn, test, task, seed)[0] for drawn in draws]
    values["floor"] = {
        name: _stray(score, [other[name] for other in repeated]) for name, score in values["trtr"].items()
    }
    return values, whys


def _stray(score: float | None, others: list[float | None]) -> float | None:
    """The mean distance of other scores from one."""
    known = [abs(other - score) for other in others if other is not None and score is not None]
    return float(np.mean(known)) if known else None


def _score(
    learner: Learner, lesson: Labelled, test: Labelled, task: Task | None, seed: int
) -> tuple[Scores, str | None]:
    """The scores of a model learned from `lesson`; or none, and why."""
    if task is None:
        return _number_score(learner, lesson, test, seed)
    truth, judged = (rows.truth.astype(np.int64) for rows in (lesson, test))
    if len(np.unique(truth)) < 2:
        return dict(NOTHING), "the rows to learn from hold fewer than two classes of the target"
    answers = learner.classify(lesson.rows, truth, test.rows, len(task.classes), seed)
    if answers is None:
        return dict(NOTHING), _ALIKE
    scores = grade(answers, judged, task)
    return scores, "the test rows hold one class only, so F1 and AUROC are undefined" if scores["f1"] is None else None


def _number_score(learner: Learner, lesson: Labelled, test: Labelled, seed: int) -> tuple[Scores, str | None]:
    truth, judged = (rows.truth.astype(np.float64) for rows in (lesson, test))
    if not len(truth):
        return dict(NOTHING), "no row to learn from has a known target"
    answers = learner.regress(lesson.rows, truth, test.rows, seed)
    if answers is None:
        return dict(NOTHING), _ALIKE
    scores = grade_numbers(answers, judged)
    return scores, "the test rows have one and the same target, so R2 is undefined" if scores["r2"] is None else None


METRIC = Metric("utility", ("tstr", "trtr", "utility"), measure)
