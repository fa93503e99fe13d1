"""The rows that all subjects judge: real ones, what the models draw without any rules, and real ones spoiled.

Most rows that a provider gets to see are valid, so rules that say quite different things agree on nearly all of them.
Rows of models without rules and spoiled rows are where rules come apart.
"""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.bank_main import read_back
from benchmarks.paper_experiment.contestants import MAIN
from benchmarks.paper_experiment.measuring import alone, fitted
from benchmarks.paper_experiment.readings import tables
from benchmarks.providers_study.subjects import digest
from benchmarks.texture.part import Settings
from htdbu.compiler.program import Program
from htdbu.solver import check
from htdbu.solver.faults import SEVERAL_ROWS

Verdicts = NDArray[np.bool_]
"""True where a row breaks a hard rule."""
MODELS = ("independent", "trees")
"""Whose rows without rules are in the pool: the poorest model, and one near the default's likeness."""
KINDS = ("real", "raw", "spoiled")
ROWS = 9_000
"""Rows of the pool, a third of each kind."""
MOST_SPOILED = 3
"""Cells of a spoiled row that are another row's, at most."""


@dataclass(frozen=True, eq=False)
class Pool:
    """The rows, every cell as text, with the kind of each, and the training rows that targets are compared with."""

    rows: pd.DataFrame
    kinds: NDArray[np.str_]
    train: pd.DataFrame

    @property
    def digest(self) -> str:
        """A short name of the rows: verdicts are compared only where they are on the same ones."""
        return digest(self.rows.to_csv(index=False))

    def verdicts(self, program: Program) -> Verdicts:
        """Which rows break anything but a soft rule, judged one by one.

        What only rows together can break (`unique`, `fd`, keys) is left out: of spoiled rows beside real ones it would
        blame the real ones too.
        """
        broken = np.zeros(len(self.rows), dtype=bool)
        for rule in check(program, self.rows, self.train).rules:
            if rule.kind not in ("soft", *SEVERAL_ROWS):
                broken[rule.rows] = True
        return broken

    def shares(self, broken: Verdicts) -> dict[str, float]:
        """The share of broken rows of each kind."""
        return {kind: float(broken[self.kinds == kind].mean()) for kind in KINDS}


@lru_cache(maxsize=1)
def pool(settings: Settings, reading: str, seed: int, rows: int) -> Pool:
    """The pool of a reading and a seed, a third of `rows` of each kind; no row of it was learned from."""
    train, test = tables(settings, reading, seed)
    third = rows // len(KINDS)
    rng = np.random.default_rng([seed, 4])
    order = rng.permutation(len(test))
    real, sound = (test.iloc[part].reset_index(drop=True) for part in (order[:third], order[third : 2 * third]))
    each = third // len(MODELS)
    raw = [
        read_back(alone(settings, fitted(settings, reading, MAIN[name], seed), MAIN[name], train, each, seed))
        for name in MODELS
    ]
    parts = (real, pd.concat(raw, ignore_index=True), spoiled(sound, rng))
    kinds = np.repeat(np.array(KINDS), [len(part) for part in parts])
    return Pool(pd.concat([part[real.columns] for part in parts], ignore_index=True), kinds, train)


def spoiled(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The rows with one to three cells of each, all columns alike, taken from another row."""
    cells = rows.to_numpy(dtype=object, copy=True)
    n_rows, n_columns = cells.shape
    wanted = rng.integers(1, MOST_SPOILED + 1, n_rows)
    places = rng.random((n_rows, n_columns)).argsort(axis=1).argsort(axis=1) < wanted[:, None]
    donors = (np.arange(n_rows)[:, None] + rng.integers(1, n_rows, (n_rows, n_columns))) % n_rows
    taken = np.take_along_axis(cells, donors, axis=0)
    return pd.DataFrame(np.where(places, taken, cells), columns=rows.columns)


def packed(broken: Verdicts) -> str:
    """Verdicts as a short text; with a prefix, so that no such text reads as a number."""
    bits = zlib.compress(np.packbits(broken).tobytes(), 9)
    return f"{len(broken)}:{b64encode(bits).decode('ascii')}"


def unpacked(text: str) -> Verdicts:
    """The verdicts again."""
    length, _, bits = text.partition(":")
    whole = np.frombuffer(zlib.decompress(b64decode(bits)), dtype=np.uint8)
    return np.unpackbits(whole, count=int(length)).astype(bool)
