"""The loans, whose true rules are known: how many of them are found, and how many of the mined rules are true."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

import htdbu
from benchmarks.mined.breaking import WANTED, breakers, is_implied, row_rules
from htdbu.datasets import load_loans, loans_rules_path
from htdbu.providers.base import Request
from htdbu.providers.mined import MinedProvider

ROWS, FRESH, BREAKING = 20_000, 200_000, 20_000
CAUGHT = 0.95
"""A rule is found where the mined rules catch so large a share of the rows that break only it."""
FEWEST = 10
"""Rules that fewer changed rows break alone cannot be judged by these."""
TABLE_RULES = ("fd", "unique")


@dataclass(frozen=True)
class TrueRule:
    """A true rule: of so many rows that break it, and so many others, the mined hard rules catch a share."""

    name: str
    kind: str
    rows: int
    others: int
    caught: float

    @property
    def is_judged(self) -> bool:
        """Whether enough rows break it alone."""
        return self.rows >= FEWEST and self.others == 0

    @property
    def is_found(self) -> bool:
        """Whether it counts as found."""
        return self.caught >= CAUGHT


@dataclass(frozen=True)
class MinedRule:
    """A mined hard rule, and how many fresh rows break it."""

    name: str
    kind: str
    broken: int


def is_stated(rule: TrueRule | MinedRule) -> bool:
    """Whether it is none of columns."""
    return rule.kind in ("hard", *TABLE_RULES)


def mined(seed: int, rows: int = ROWS) -> htdbu.Program:
    """The rules that are mined from a loan book."""
    return htdbu.compile_text(MinedProvider().draft(Request(load_loans(rows, seed))).text)


def precision(program: htdbu.Program, seed: int, rows: int = FRESH) -> Iterator[MinedRule]:
    """Every hard mined rule, those of columns too, held against fresh rows."""
    for rule in program.check(load_loans(rows, seed + 1_000)).rules:
        if rule.kind != "soft":
            yield MinedRule(rule.name, rule.kind, rule.fail)


def recall(program: htdbu.Program, seed: int, rows: int = BREAKING) -> Iterator[TrueRule]:
    """Every hard true rule, those of columns too, held against rows that break only it.

    Dependencies between rows are not asked: changed rows are judged one by one, or for keys beside the fresh ones.
    """
    truth, rng = htdbu.compile(loans_rules_path()), np.random.default_rng(seed)
    fresh = load_loans(rows, seed + 2_000)
    rules = row_rules(truth, fresh)
    broken = breakers(truth, fresh, [name for name, _ in rules], rng)
    for name, kind in rules:
        rows = broken[name].rows
        yield TrueRule(name, kind, len(rows), broken[name].others, _caught(program, rows))
    for column in truth.columns:
        if column.key:  # rows of the same number, of which the first one is no repetition
            repeated = fresh.head(WANTED).assign(**{column.header: fresh[column.header].iloc[0]})
            yield TrueRule(f"key({column.name})", "key", WANTED - 1, 0, _caught(program, repeated))


def unproved(rules: Iterable[TrueRule]) -> list[str]:
    """The rules that are not judged though the solver does not prove that others imply them."""
    truth = htdbu.compile(loans_rules_path())
    return [rule.name for rule in rules if not rule.is_judged and not is_implied(truth, rule.name)]


def _caught(program: htdbu.Program, rows: pd.DataFrame) -> float:
    if not len(rows):
        return 0.0
    caught = np.zeros(len(rows), bool)
    for outcome in program.check(rows).rules:
        if outcome.kind not in ("soft", *TABLE_RULES):
            caught[outcome.rows] = True
    return float(caught.mean())
