"""One run: rows of a generator with or without S, and everything that is measured of them."""

from __future__ import annotations

import time
from functools import lru_cache

import numpy as np
import pandas as pd

import htdbu
from benchmarks.bank_main import read_back
from benchmarks.paper_experiment.contestants import POOLED, Contestant
from benchmarks.paper_experiment.readings import declaration, labels, program, tables
from benchmarks.runs import Figures, show_progress
from benchmarks.texture.judge import downstream, likeness, named
from benchmarks.texture.part import Settings
from htdbu.evaluation.metrics.xmodal import joint_distance
from htdbu.generators import FittedModel, fit
from htdbu.solver.typed import typed_frame

SCORES = ("accuracy", "f1", "auroc")
FIGURES = (
    *("raw", "violations", "rate"),
    *(f"{model}_{score}" for model in ("lr", "lr_real", "xgb", "xgb_real") for score in SCORES),
    *("xmodal", "xmodal_floor", "xmodal_whole", "xmodal_cells"),
    *("xgb_auc", "shape", "shape_test", "trend", "trend_test", "nearest", "copies"),
    *("fit_seconds", "draw_seconds", "seconds"),
)
"""All that a run measures; what could not be taken is left out."""


@lru_cache(maxsize=2)
def fitted(settings: Settings, reading: str, contestant: Contestant, seed: int) -> FittedModel:
    """The generator, fitted to the training rows; S asks the same model for its rows that is drawn from without S.

    From a fitted model `synthesize` makes the very rows that it makes from the real ones and a new generator.
    """
    train, _ = tables(settings, reading, seed)
    return fit(train, declaration(), generator=contestant.create(seed), random_state=seed)


def measure(settings: Settings, reading: str, skeleton: bool, contestant: Contestant, seed: int, rows: int) -> Figures:
    """The figures of one run."""
    train, test = tables(settings, reading, seed)
    model = fitted(settings, reading, contestant, seed)
    started = time.perf_counter()
    if skeleton:
        made = htdbu.synthesize(program(reading), model, rows, random_state=seed, progress=show_progress)
        data, raw = made.data, float(made.report.raw_violations["violation_rate"])
    else:
        data, raw = alone(settings, model, contestant, train, rows, seed), None
    seconds = time.perf_counter() - started
    if len(data) != rows:
        raise RuntimeError(f"{contestant.name}, seed {seed}: {len(data)} rows instead of {rows}")
    figures = judged(settings, reading, read_back(data), train, test, seed)
    return {
        "raw": figures["rate"] if raw is None else raw,
        **figures,
        "fit_seconds": model.seconds,
        "draw_seconds": seconds,
        "seconds": model.seconds + seconds,
    }


def alone(
    settings: Settings, model: FittedModel, contestant: Contestant, train: pd.DataFrame, rows: int, seed: int
) -> pd.DataFrame:
    """Rows as the generator draws them, the sentiment one learned column of all; each with a headline of it."""
    drawn = model.generator.sample(rows, random_state=seed)
    if contestant.name == POOLED:
        drawn["sentiment"] = labels(settings, rows, seed)
    rng = np.random.default_rng([seed, 3])
    headline = np.empty(rows, dtype=object)
    for label, texts in train.groupby("sentiment")["headline"]:
        places = (drawn["sentiment"] == label).to_numpy()
        headline[places] = rng.choice(texts.to_numpy(dtype=object), places.sum())
    return drawn.assign(headline=headline)


def judged(
    settings: Settings, reading: str, data: pd.DataFrame, train: pd.DataFrame, test: pd.DataFrame, seed: int
) -> Figures:
    """What is measured of rows, by the whole rule file, the training rows and the test rows."""
    scores = htdbu.evaluate(program(reading), train, data, "y", test=test, random_state=seed).to_dict()
    whole, typed = (
        typed_frame(program(reading), table) for table in (pd.concat([train, test], ignore_index=True), data)
    )
    return {
        **likeness(scores),
        "rate": scores["violations"]["violation_rate"],
        "trend_test": scores["fidelity"]["trend_error_unseen"],
        "xmodal": scores["xmodal"],
        "xmodal_floor": scores["xmodal_floor"],
        "xmodal_whole": joint_distance(whole, typed, ["y", "sentiment"]),
        "xmodal_cells": conditional_distance(whole, typed, "y", "sentiment"),
        **named("lr", scores["tstr"]),
        **named("lr_real", scores["trtr"]),
        **named("xgb", downstream(program(reading), data, test, "y")),
        **named("xgb_real", real_scores(settings, reading, seed, len(data))),
    }


@lru_cache(maxsize=2)
def real_scores(settings: Settings, reading: str, seed: int, rows: int) -> dict[str, float]:
    """What XGBoost learns from as many training rows, or all where there are fewer."""
    train, test = tables(settings, reading, seed)
    some = train.sample(min(rows, len(train)), random_state=seed).reset_index(drop=True)
    return downstream(program(reading), some, test, "y")


def conditional_distance(real: pd.DataFrame, synthetic: pd.DataFrame, target: str, mood: str) -> float:
    """The mean over all cells of |P(mood | target) - Q(mood | target)|, as the paper's authors' code takes XModal.

    A target that one table lacks has no mood there: all its cells count as 0.
    """
    shares = [
        pd.crosstab(table[target].astype(str), table[mood].astype(str), normalize="index")
        for table in (real, synthetic)
    ]
    first, second = shares[0].align(shares[1], fill_value=0.0)
    return float(np.abs(first.to_numpy() - second.to_numpy()).mean())
