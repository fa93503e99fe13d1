"""Adult: as many rows as there are to learn from, judged on the official test rows."""

from __future__ import annotations

from functools import partial

import htdbu
from benchmarks.runs import Figures, Run, Task
from benchmarks.texture import tables
from benchmarks.texture.declare import declared
from benchmarks.texture.judge import downstream, gaps, likeness, named
from benchmarks.texture.making import make
from benchmarks.texture.part import Bound, Part, Settings, Shown

ROWS = 32_561
TARGET = "income"


def measure(settings: Settings, generator: str, seed: int, rows: int) -> Figures:
    """One run."""
    train, test = (settings.thin(tables.adult(settings.data, part)) for part in ("data", "test"))
    program = htdbu.compile_text(declared(train))
    made = make(program, train, rows, generator, seed)
    scores = htdbu.evaluate(program, train, made.data, TARGET, test=test, random_state=seed).to_dict()
    figures = {
        **made.figures,
        **likeness(scores),
        **named("xgb", downstream(program, made.data, test, TARGET)),
        **named("xgb_real", downstream(program, train, test, TARGET)),
    }
    return {**figures, **gaps(figures, "xgb", "xgb_real")}


def tasks(settings: Settings) -> list[Task]:
    """Every generator, every seed."""
    rows = settings.rows(ROWS)
    return [
        (Run("adult", "adult", generator, seed, rows), partial(measure, settings, generator, seed, rows))
        for generator in settings.generators
        for seed in settings.seeds
    ]


PART = Part(
    name="adult",
    title="Adult",
    wanted=(
        "Adult, as many rows as train: XGB-AUC at most 0.525, downstream XGBoost AUC within 0.008 of real, Shape at "
        "most 0.2 % and Trend at most 0.6 % (common edges) against train."
    ),
    says=(
        "The rule file declares the columns of adult.data (32,561 rows) and nothing else. XGB-AUC and the models "
        "downstream are judged on adult.test (16,281 rows); real is what XGBoost learns from all of adult.data."
    ),
    shown=(
        Shown("seconds", "seconds", ".0f"),
        Shown("xgb_auc", "XGB-AUC"),
        Shown("xgb_auroc", "XGB AUROC", ".4f"),
        Shown("xgb_real_auroc", "real", ".4f"),
        Shown("shape", "Shape, %", ".2f", 100),
        Shown("trend", "Trend, %", ".2f", 100),
        Shown("shape_test", "Shape, test rows, %", ".2f", 100),
        Shown("nearest", "nearest", ".3f"),
        Shown("copies", "copies", ".0f"),
    ),
    bounds=(
        Bound("xgb_auc", "at most", 0.525, "XGB-AUC against test rows"),
        Bound("xgb_auroc_gap", "at most", 0.008, "AUROC of XGBoost downstream, gap to real"),
        Bound("shape", "at most", 0.002, "Shape against train"),
        Bound("trend", "at most", 0.006, "Trend against train"),
    ),
    tasks=tasks,
)
