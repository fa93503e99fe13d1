"""A loan book with twenty defaults, from which a hundred are to be made."""

from __future__ import annotations

from functools import cache, partial

import numpy as np
import pandas as pd

import htdbu
from benchmarks.runs import Figures, Run, Task
from benchmarks.texture.judge import comparable, detect
from benchmarks.texture.making import make
from benchmarks.texture.part import WAYS, Bound, Part, Settings, Shown
from htdbu.datasets import load_loans, loans_rules
from htdbu.evaluation.metrics.copies import copied
from htdbu.evaluation.metrics.shape import shape_error
from htdbu.solver.typed import typed_frame

ROWS = 10_000
BOOK, REAL_ROWS, REAL_POSITIVES, JUDGES = 120_000, 5_000, 20, 2_000
BOOTSTRAP, FRESH = "bootstrap of the 20", "new defaults of the true book"


def rules() -> str:
    """The rules of the loan book with a planned default rate of 1 % in place of the target of about 2 %."""
    wanted = {
        "factor defaulted {": "factor defaulted ~ { true: 1%, false: 99% } {",
        "target default_rate:   share(defaulted) in 1.5%..2.5%\n": "",
    }
    text = loans_rules()
    for old, new in wanted.items():
        if old not in text:
            raise RuntimeError(f"the rules of the loan book no longer say {old!r}")
        text = text.replace(old, new)
    return text


@cache
def _book(seed: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The real table, with so few defaults; other defaults of the same truth; and those that judge."""
    book = load_loans(BOOK, random_state=seed)
    order = np.random.default_rng(seed).permutation(len(book))
    bad = book["defaulted"].to_numpy()[order]
    positives, negatives = book.iloc[order[bad]], book.iloc[order[~bad]]
    real = pd.concat([positives[:REAL_POSITIVES], negatives[: REAL_ROWS - REAL_POSITIVES]])
    others = positives[REAL_POSITIVES:].reset_index(drop=True)
    judges = others[:JUDGES]
    return real.sample(frac=1, random_state=seed).reset_index(drop=True), others[JUDGES:], judges


def measure(who: str, seed: int, rows: int) -> Figures:
    """One run; `who` is a generator or one of the two peers."""
    program = htdbu.compile_text(rules())
    real, others, judges = _book(seed)
    known = real[real["defaulted"]]
    figures: Figures = {}
    if who == BOOTSTRAP:
        positives = known.sample(rows // 100, replace=True, random_state=seed)
    elif who == FRESH:
        positives = others.sample(rows // 100, random_state=seed)
    else:
        made = make(program, real, rows, who, seed)
        positives = made.data[made.data["defaulted"].str.lower() == "true"]
        figures |= made.figures | {"violations": program.check(made.data).hard_violations}
        figures["positives_off"] = abs(len(positives) - rows // 100)
    typed, learned, wanted = (
        typed_frame(program, table.reset_index(drop=True)) for table in (positives, known, judges)
    )
    names = comparable(program)
    return {
        **figures,
        "positives": len(positives),
        "xgb_auc": detect(program, judges, positives.reset_index(drop=True), seed, balanced=False),
        "shape": shape_error(wanted, typed, names),
        "copies": copied(learned, typed, names),
    }


def tasks(settings: Settings) -> list[Task]:
    """Every generator and the peers, every seed."""
    rows = settings.rows(ROWS)
    return [
        (Run("rare", "20 real defaults", who, seed, rows), partial(measure, who, seed, rows))
        for who in (*settings.generators, BOOTSTRAP, FRESH)
        for seed in settings.seeds
    ]


PART = Part(
    name="rare",
    title="A hundred defaults from twenty",
    wanted="A table with 20 real positives of which 1 % of 10,000 new rows are asked for: exactly 100 positives.",
    says=(
        "A loan book of 5,000 rows with 20 defaults; the rules are those of the loan book with `factor defaulted ~ { "
        "true: 1%, false: 99% }`. The new defaults are compared with 2,000 further defaults of the same truth, all "
        "of which the XGB-AUC tells from them. Beside them stand 100 rows drawn from the twenty with replacement, "
        "and 100 defaults of the true book, which are the floor."
    ),
    shown=(
        Shown("seconds", "seconds", ".0f"),
        Shown("positives", "defaults", ".0f"),
        Shown("violations", "violations", ".0f"),
        Shown("xgb_auc", "XGB-AUC"),
        Shown("shape", "Shape, %", ".1f", 100),
        Shown("copies", "copies of the 20", ".0f"),
        WAYS,
    ),
    bounds=(
        Bound("positives_off", "exactly", 0, "defaults more or fewer than 1 %"),
        Bound("violations", "exactly", 0, "rows that break a hard rule"),
    ),
    tasks=tasks,
)
