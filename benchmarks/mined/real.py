"""Real tables without known rules: mined on one half of the rows, held against the other half."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

import htdbu
from htdbu.analyses.redundancy import redundant
from htdbu.analyses.subject import Subject
from htdbu.providers.base import Request
from htdbu.providers.mined import MinedProvider

MOST_BROKEN = 0.01
ADULT = (
    *("age", "workclass", "fnlwgt", "education", "education-num", "marital-status", "occupation", "relationship"),
    *("race", "sex", "capital-gain", "capital-loss", "hours-per-week", "native-country", "income"),
)
FACTS = {
    "bank-full": ("pdays == -1 <=> previous == 0", 'previous == 0 => poutcome == "unknown"'),
    "bank-additional-full": (
        'previous == 0 <=> poutcome == "nonexistent"',
        "cons_price_idx -> cons_conf_idx",
        "nr_employed -> emp_var_rate",
    ),
    "adult": ("education -> education_num",),
}
"""What the documents of each table say; `a -> b` is a dependency."""


@dataclass(frozen=True)
class Halves:
    """What became of a table: its rules, the largest share of the other half that breaks one, and facts found."""

    table: str
    rules: int
    worst: float
    found: int
    facts: int


def read(data: Path, table: str) -> pd.DataFrame:
    """A real table by its name in `FACTS`."""
    if table == "adult":
        path = data / "adult" / "adult.data"
        return pd.read_csv(path, header=None, names=ADULT, skipinitialspace=True)
    return pd.read_csv(data / "bank_marketing" / f"{table}.csv", sep=";")


def halves(data: Path, table: str, seed: int) -> Halves:
    """Mine one half, drawn by a seed, and judge the other one by all its rules, soft ones and those of columns too."""
    frame = read(data, table)
    order = np.random.default_rng(seed).permutation(len(frame))
    half, other = frame.iloc[order[: len(frame) // 2]], frame.iloc[order[len(frame) // 2 :]]
    draft = MinedProvider().draft(Request(half.reset_index(drop=True)))
    program = htdbu.compile_text(draft.text)
    report = program.check(other.reset_index(drop=True))
    found = sum(_is_found(draft.text, program, fact) for fact in FACTS[table])
    worst = max((rule.rate for rule in report.rules), default=0.0)
    return Halves(table, len(draft.told["rules"]), worst, found, len(FACTS[table]))


def _is_found(text: str, program: htdbu.Program, fact: str) -> bool:
    """Whether a dependency is stated, or the solver proves that the mined rules imply a condition."""
    if "=" not in fact:
        return fact in {f"{fd.left[0]} -> {name}" for fd in program.dependencies for name in fd.right}
    subject = Subject(htdbu.compile_text(f"{text}\nhard documented: {fact}\n"))
    return any("documented" in redundant(subject, block)[0] for block in subject.blocks)
