"""Every generator of the paper and ours, with and without the skeleton S, on Bank Marketing with headlines."""

from __future__ import annotations

from functools import partial
from importlib.util import find_spec

import htdbu
from benchmarks.bank_main import EXAMPLE, RULES, parts
from benchmarks.runs import TROUBLE, Figures, Run, Task
from benchmarks.texture.judge import likeness, named
from benchmarks.texture.making import PLAIN, make
from benchmarks.texture.part import Bound, Part, Settings, Shown

ROWS = 12_000
GENERATORS = (
    *("independent", "gaussian-copula", "random-forest", "xgboost", "ctgan", "tvae"),
    *("trees", "bits", "mixed"),
)
NEEDS = {"ctgan": "sdv", "tvae": "sdv"}
WITH, WITHOUT = "with S", "without S"


def measure(settings: Settings, rules: str, skeleton: bool, generator: str, seed: int, rows: int) -> Figures:
    """One run."""
    if generator not in htdbu.generators.names() or (generator in NEEDS and find_spec(NEEDS[generator]) is None):
        return {TROUBLE: "not installed"}
    text = (EXAMPLE / f"{rules}.htr").read_text("utf-8")
    program = htdbu.compile_text(text)
    train, test = (settings.thin(part) for part in parts(settings.data, rules, seed))
    if skeleton:
        made = make(program, train, rows, generator, seed)
    else:
        made = make(htdbu.compile_text(table_alone(text)), train, rows, generator, seed, selection=PLAIN)
    scores = htdbu.evaluate(program, train, made.data, "y", test=test, random_state=seed).to_dict()
    return {
        **made.figures,
        **likeness(scores),
        "rate": scores["violations"]["violation_rate"],
        "xmodal": scores["xmodal"],
        **named("lr", scores["tstr"]),
    }


def table_alone(rules: str) -> str:
    """The declaration of the table out of a rule file that begins with it."""
    declaration, closing, _ = rules.partition("\n}\n")
    return declaration + closing


def tasks(settings: Settings) -> list[Task]:
    """Both rule files, with and without them, every generator, every seed."""
    rows = settings.rows(ROWS)
    return [
        (
            Run("paper", f"{rules} {said}", generator, seed, rows),
            partial(measure, settings, rules, skeleton, generator, seed, rows),
        )
        for rules in RULES
        for said, skeleton in ((WITH, True), (WITHOUT, False))
        for generator in GENERATORS
        for seed in settings.seeds
    ]


PART = Part(
    name="paper",
    title="Every generator of the paper, with and without S",
    wanted="Every generator of the paper, with and without S, in one table.",
    says=(
        "Bank Marketing with headlines, 12,000 rows. *with S* is `htdbu.synthesize` under the rules (*manual* is "
        "reading A); *without S* the generator's own rows, drawn under the declaration of the table alone and not "
        "selected. Both are judged by the whole rule file and by test rows. Scores are those of logistic regression "
        "that learned from the synthetic rows. In the kept results ctgan and tvae ran with seed 42 alone."
    ),
    shown=(
        Shown("rate", "violations, %", ".2f", 100),
        Shown("xmodal", "XModal", ".5f"),
        Shown("lr_accuracy", "LR accuracy"),
        Shown("lr_f1", "F1"),
        Shown("lr_auroc", "AUROC"),
        Shown("xgb_auc", "XGB-AUC"),
        Shown("shape", "Shape, %", ".2f", 100),
        Shown("trend", "Trend, %", ".2f", 100),
        Shown("nearest", "nearest"),
        Shown("seconds", "seconds", ".1f"),
        Shown(TROUBLE, "note"),
    ),
    bounds=(
        Bound(
            "violations", "exactly", 0, "rows that break a hard rule, with S", lambda run, _: run.case.endswith(WITH)
        ),
    ),
    tasks=tasks,
)
