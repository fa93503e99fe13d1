"""Nine tables, each learned from one half of its rows and judged by the other, with selection, without, and in part."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path

import pandas as pd

import htdbu
from benchmarks.runs import Figures, Run, Task
from benchmarks.texture.declare import declared
from benchmarks.texture.judge import detect, downstream, likeness, named, range_coverage
from benchmarks.texture.making import PLAIN, make
from benchmarks.texture.part import Bound, Part, Settings, Shown
from benchmarks.texture.tables import TABLES, halves
from htdbu.generators.registry import DEFAULT
from htdbu.generators.selection import Selection

SELECTIONS = {
    "": Selection(),
    ", no weights": Selection(weights=False),
    ", no raking": Selection(raking=False),
    ", no ranges": Selection(ranges=False),
    ", no selection": PLAIN,
}
"""Ways of choosing rows, by what they add to the name of a table."""
FEWEST = 1_000
"""Rows of a half from which on XGB-AUC is told apart from its floor; by chance alone 200 rows stray by 0.03."""


@cache
def _table(name: str, data: Path) -> pd.DataFrame:
    return TABLES[name].read(data)


@cache
def _floor(name: str, settings: Settings, seed: int) -> Figures:
    """What the real half itself reaches on the other: the XGB-AUC, and what XGBoost learns from it."""
    train, test = _halves(name, settings, seed)
    program = htdbu.compile_text(declared(train))
    real = named("xgb_real", downstream(program, train, test, TABLES[name].target))
    return {"floor": detect(program, test, train, seed), "range_real": range_coverage(program, test, train), **real}


def _halves(name: str, settings: Settings, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    train, test = halves(_table(name, settings.data), seed)
    return settings.thin(train), settings.thin(test)


def measure(settings: Settings, name: str, selection: Selection, generator: str, seed: int) -> Figures:
    """One run, of as many rows as a half has."""
    train, test = _halves(name, settings, seed)
    program, target = htdbu.compile_text(declared(train)), TABLES[name].target
    made = make(program, train, settings.rows(len(train)), generator, seed, selection=selection)
    scores = htdbu.evaluate(program, train, made.data, target, test=test, random_state=seed).to_dict()
    figures = {
        **made.figures,
        **likeness(scores),
        **_floor(name, settings, seed),
        "range": range_coverage(program, test, made.data),
        **named("xgb", downstream(program, made.data, test, target)),
    }
    figures["above_floor"] = float(figures["xgb_auc"]) - float(figures["floor"])
    if "xgb_rmse" in figures:
        figures["rmse_ratio"] = float(figures["xgb_rmse"]) / float(figures["xgb_real_rmse"])
    return figures


def tasks(settings: Settings) -> list[Task]:
    """Every table, every generator, every seed; the other ways of selecting with the first seed alone."""
    return [
        (
            Run("halves", name + suffix, generator, seed, settings.rows(len(_table(name, settings.data)) // 2)),
            partial(measure, settings, name, selection, generator, seed),
        )
        for name in TABLES
        for suffix, selection in SELECTIONS.items()
        for generator in settings.generators
        for seed in (settings.seeds[:1] if suffix else settings.seeds)
    ]


def usual(run: Run, _: Figures) -> bool:
    """Whether a run has the settings that the user gets by default, and rows enough to be judged."""
    return run.generator == DEFAULT and run.case in TABLES and run.rows >= FEWEST


PART = Part(
    name="halves",
    title="Tables nobody has seen, half against half",
    wanted=(
        "Trained on one half of a table and judged on the unseen half (Bank, Adult): XGB-AUC at most 0.03 above the "
        "floor of real against real, nearest-record share at most 0.55, with the settings that the user gets by "
        "default. The same defaults must serve tables nobody here has seen: purely numeric ones, money columns with "
        "hidden sums and equalities, a time-stamped one, regression targets."
    ),
    says=(
        "The seed draws the halves; the rule file declares the columns of the one that is learned from and nothing "
        "else. Parts of the selection are left out with seed 42 alone. The floor is the XGB-AUC of that half itself. "
        "*numeric*, *money*, *time-stamped* and *prices* are "
        "made, in `benchmarks/texture/made.py`; *diabetes* (442 rows) and *breast-cancer* (569) are small public "
        "ones, shown but not judged, as chance moves their XGB-AUC by more than the bound. "
        "The range is how much of the unseen half's, from its least to its greatest number, the rows reach over (the "
        "mean over all columns of numbers); the real half learned from stands beside it. Downstream is XGBoost, "
        "judged on the unseen half: AUROC, or for a number the error (RMSE) as a multiple of that of the model "
        "learned from real rows."
    ),
    shown=(
        Shown("seconds", "seconds", ".1f"),
        Shown("xgb_auc", "XGB-AUC"),
        Shown("floor", "floor"),
        Shown("above_floor", "above"),
        Shown("nearest", "nearest"),
        Shown("shape_test", "Shape, unseen, %", ".2f", 100),
        Shown("range", "range, %", ".1f", 100),
        Shown("range_real", "real", ".1f", 100),
        Shown("copies", "copies", ".0f"),
        Shown("xgb_auroc", "AUROC"),
        Shown("xgb_real_auroc", "real"),
        Shown("rmse_ratio", "RMSE to real"),
    ),
    bounds=(
        Bound("above_floor", "at most", 0.03, "XGB-AUC above the floor", usual),
        Bound("nearest", "at most", 0.55, "nearest-record share", usual),
    ),
    tasks=tasks,
)
