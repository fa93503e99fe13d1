"""TSTR and TRTR: what a model learns from synthetic rows, beside what it learns from as many real ones.

A logistic regression is trained on the synthetic rows and judged on real rows that it never saw ("train on synthetic,
test on real", Esteban, Hyland, Rätsch 2017, arXiv:1706.02633). The same model trained on equally many real rows, drawn
by seed and judged on the same rows, is the ceiling (TRTR); their difference is what the synthesis lost.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from htdbu.evaluation.comparison import Comparison, Measured, Metric, need_rows
from htdbu.evaluation.learning import Task, design, grade, learn_and_answer
from htdbu.solver.typed_cells import Codes, is_number, level_codes, level_name, numbers

TEST_SHARE = 0.3
MOST_CLASSES = 20
"""A number column is a target of classes when it holds at most this many values."""

Scores = dict[str, float | None]
NOTHING: Scores = {"accuracy": None, "f1": None, "auroc": None}


@dataclass(frozen=True)
class Labelled:
    """Rows whose target is known, and their classes."""

    rows: pd.DataFrame
    truth: Codes

    def take(self, chosen: Codes) -> Labelled:
        """Some of the rows."""
        return Labelled(self.rows.iloc[chosen], self.truth[chosen])


def measure(comparison: Comparison) -> Measured:
    """`tstr` and `trtr`, each with accuracy, f1 and auroc."""
    why = need_rows(comparison)
    if why is not None:
        return _nothing(why)
    tables = [comparison.real, comparison.synthetic, *([] if comparison.test is None else [comparison.test])]
    coded = _classes([table[comparison.target] for table in tables])
    if coded is None:
        return _nothing(f"{comparison.target} is a number with more than {MOST_CLASSES} values, no classes to learn")
    names, codes = coded
    real, synthetic, *held_out = (_labelled(table, truth) for table, truth in zip(tables, codes, strict=True))
    notes = [] if held_out else [_split_note(comparison)]
    train, test = (real, held_out[0]) if held_out else _split(real, comparison.rng("split"))
    counts = np.bincount(np.concatenate([train.truth, test.truth]), minlength=len(names))
    if not len(test.truth) or np.count_nonzero(counts) < 2:
        short = "no test row has a known target" if not len(test.truth) else f"{comparison.target} has one class only"
        return _nothing(f"{short} in the real rows")
    task = Task(names, _positive(names, counts) if np.count_nonzero(counts) == 2 else None)
    values = {}
    for key, part in (("tstr", synthetic), ("trtr", _as_many(train, len(synthetic.truth), comparison))):
        values[key], why = _score(part, test, task, _features(comparison))
        notes += [] if why is None else [f"{key}: {why}"]
    if len(train.truth) < len(synthetic.truth):
        notes.append(f"trtr: learned from all {len(train.truth)} real rows there are, fewer than the synthetic ones")
    return Measured(values, tuple(notes))


def _nothing(why: str) -> Measured:
    return Measured({"tstr": dict(NOTHING), "trtr": dict(NOTHING)}, (f"tstr, trtr: {why}",))


def _split_note(comparison: Comparison) -> str:
    return (
        f"tstr, trtr: no test rows were given; {TEST_SHARE:.0%} of the real rows, drawn by seed, stand in for them, "
        f"although the generator may have learned from them"
    )


def _features(comparison: Comparison) -> list[str]:
    return [name for name in comparison.columns if name != comparison.target]


def _classes(columns: list[pd.Series]) -> tuple[tuple[str, ...], list[Codes]] | None:
    """The classes by name, and each table's codes (-1 where missing); None for a number with too many values."""
    if is_number(columns[0]):
        values = [numbers(column) for column in columns]
        known = np.unique(values[0][~np.isnan(values[0])])
        if len(known) > MOST_CLASSES:
            return None
        every = np.unique(np.concatenate(values))
        every = every[~np.isnan(every)]
        codes = [np.where(np.isnan(v), -1, np.searchsorted(every, v)).astype(np.int64) for v in values]
        return tuple(f"{value:g}" for value in every), codes
    names, codes = level_codes(*columns)
    return names[:-1], [np.where(code == len(names) - 1, -1, code) for code in codes]


def _labelled(table: pd.DataFrame, truth: Codes) -> Labelled:
    return Labelled(table, truth).take(np.flatnonzero(truth >= 0))


def _split(real: Labelled, rng: np.random.Generator) -> tuple[Labelled, Labelled]:
    """Training and test rows, the same share of every class in both."""
    tested = np.zeros(len(real.truth), bool)
    for k in np.unique(real.truth):
        members = rng.permutation(np.flatnonzero(real.truth == k))
        tested[members[: round(TEST_SHARE * len(members))]] = True
    return real.take(np.flatnonzero(~tested)), real.take(np.flatnonzero(tested))


def _positive(names: tuple[str, ...], counts: Codes) -> int:
    """`true` of a bool, else the rarer of the two classes that real rows hold; of equally rare ones the later."""
    if names == (level_name(False), level_name(True)):
        return 1
    held = np.flatnonzero(counts)
    return int(min(held, key=lambda k: (counts[k], -k)))


def _as_many(train: Labelled, n: int, comparison: Comparison) -> Labelled:
    """At most `n` training rows, drawn by seed."""
    order = comparison.rng("trtr").permutation(len(train.truth))
    return train.take(np.sort(order[:n]))


def _score(train: Labelled, test: Labelled, task: Task, names: list[str]) -> tuple[Scores, str | None]:
    """The scores of a model learned from `train`; or none, and why."""
    if len(np.unique(train.truth)) < 2:
        return dict(NOTHING), "the rows to learn from hold fewer than two classes of the target"
    features, asked = design(train.rows, test.rows, names)
    if not features.shape[1]:
        return dict(NOTHING), "no column tells the rows apart"
    scores = grade(learn_and_answer(features, train.truth, asked, len(task.classes)), test.truth, task)
    return scores, "the test rows hold one class only, so F1 and AUROC are undefined" if scores["f1"] is None else None


METRIC = Metric("utility", ("tstr", "trtr"), measure)
