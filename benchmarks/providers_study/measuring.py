"""What is measured: of a rule file by the pool, and of the rows that a model draws under it."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import lru_cache, partial

import pandas as pd

import htdbu
from benchmarks.bank_main import read_back
from benchmarks.paper_experiment.contestants import MAIN
from benchmarks.paper_experiment.measuring import SCORES, fitted, real_scores
from benchmarks.paper_experiment.readings import program as reference
from benchmarks.paper_experiment.readings import tables
from benchmarks.providers_study.pool import KINDS, packed, pool
from benchmarks.providers_study.subjects import TARGET, Subject, digest
from benchmarks.runs import TROUBLE, Figures, show_progress
from benchmarks.texture.judge import downstream, named
from benchmarks.texture.part import Settings
from htdbu.compiler.compile import compile_source
from htdbu.compiler.program import Program
from htdbu.errors import CompileError, HtdbuError
from htdbu.evaluation.comparison import Comparison, RawTables
from htdbu.evaluation.metrics import detection, shape, trend, utility, xmodal
from htdbu.grammar.source import Source
from htdbu.providers.drafting import counts
from htdbu.solver import check
from htdbu.solver.typed import typed_frame

METRICS = (utility.METRIC, xmodal.METRIC, shape.METRIC, trend.METRIC, detection.METRIC)
"""Those of `htdbu.evaluate` that are shown; the others take four times as long."""
LABELS = ("provider", "prompt", "granularity")
FIGURES = (
    *(*LABELS, "says", "digest", "pool"),
    *("hard", "soft", "factors", "targets"),
    *("alarm", *(f"rejected_{kind}" for kind in KINDS)),
    *("lost", "raw", "own", "own_rate", "reference", "reference_rate"),
    *(f"{model}_{score}" for model in ("lr", "lr_real", "xgb", "xgb_real") for score in SCORES),
    *("xmodal", "shape", "shape_test", "trend", "trend_test", "xgb_auc"),
    *("fit_seconds", "draw_seconds", "verdicts", TROUBLE),
)
"""All that a run measures; what could not be taken is left out."""
JUDGED = {
    "xmodal": "xmodal",
    "shape": "shape_error",
    "shape_test": "shape_error_unseen",
    "trend": "trend_error",
    "trend_test": "trend_error_unseen",
    "xgb_auc": "c2st_auc",
}


@lru_cache(maxsize=64)
def compiled(origin: str, text: str) -> Program:
    """The rules of a subject; raises a CompileError where they have errors."""
    return compile_source(Source(origin, text)).checked()


def or_trouble(measure: Callable[[], Figures]) -> Figures:
    """What was measured, or why nothing could be: rules that leave no row or do not compile are a result too."""
    try:
        return measure()
    except CompileError as error:
        wrong = [each.message for each in error.diagnostics if each.severity == "error"]
        return {TROUBLE: f"the rules do not compile: {wrong[0]}"}
    except HtdbuError as error:
        return {TROUBLE: " ".join(error.message.split())}


def measure_rules(settings: Settings, reading: str, subject: Subject, seed: int, rows: int) -> Figures:
    """Where the rule file came from, what is in it, and its verdicts on the pool; or why there are none."""
    told: Figures = {label: getattr(subject, label) for label in (*LABELS, "says")}
    return told | or_trouble(partial(_judged_by, settings, reading, subject, seed, rows))


def _judged_by(settings: Settings, reading: str, subject: Subject, seed: int, rows: int) -> Figures:
    text = subject.text(settings, reading, seed)
    program, common = compiled(subject.origin, text), pool(settings, reading, seed, rows)
    broken = common.verdicts(program)
    train, test = tables(settings, reading, seed)
    said = counts(program)
    return {
        "digest": digest(text),
        "pool": common.digest,
        **{name: said[name] for name in ("hard", "soft", "factors", "targets")},
        "alarm": check(program, test, train).violation_rate,
        **{f"rejected_{kind}": share for kind, share in common.shares(broken).items()},
        "verdicts": packed(broken),
    }


def measure_rows(settings: Settings, reading: str, subject: Subject, generator: str, seed: int, rows: int) -> Figures:
    """Rows of a model under the rules; the model is the same for all subjects."""
    text = subject.text(settings, reading, seed)
    program = compiled(subject.origin, text)
    train, test = tables(settings, reading, seed)
    model = fitted(settings, reading, MAIN[generator], seed)
    started = time.perf_counter()
    made = htdbu.synthesize(program, model, rows, random_state=seed, progress=show_progress)
    seconds = time.perf_counter() - started
    data = read_back(made.data)
    own, others = (check(each, data, train) for each in (program, reference(reading)))
    return {
        "digest": digest(text),
        "lost": rows - len(data),
        "raw": float(made.report.raw_violations["violation_rate"]),
        "own": own.hard_violations,
        "own_rate": own.violation_rate,
        "reference": others.hard_violations,
        "reference_rate": others.violation_rate,
        **judged(reference(reading), data, train, test, seed),
        **named("xgb_real", real_scores(settings, reading, seed, rows)),
        "fit_seconds": model.seconds,
        "draw_seconds": seconds,
    }


def judged(program: Program, data: pd.DataFrame, train: pd.DataFrame, test: pd.DataFrame, seed: int) -> Figures:
    """Use and likeness of rows, columns typed as the reference has them, whatever rules the rows were made by."""
    real, made, unseen = (typed_frame(program, table) for table in (train, data, test))
    comparison = Comparison(
        program, RawTables(train, data), real, made, unseen, TARGET, (TARGET, "sentiment"), random_state=seed
    )
    found = {key: value for metric in METRICS for key, value in metric.measure(comparison).values.items()}
    return {
        **named("lr", {score: found["tstr"][score] for score in SCORES}),
        **named("lr_real", {score: found["trtr"][score] for score in SCORES}),
        **named("xgb", downstream(program, data, test, TARGET)),
        **{name: found[key] for name, key in JUDGED.items() if found[key] is not None},
    }
