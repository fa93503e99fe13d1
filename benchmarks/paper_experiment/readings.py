"""The readings of the rules, each with its rule file and its real rows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache

import numpy as np
import pandas as pd

import htdbu
from benchmarks.bank_main import EXAMPLE, parts, prepare
from benchmarks.texture.declare import table_alone
from benchmarks.texture.part import Settings

READINGS: Mapping[str, str] = {
    "manual": "manual rules, reading A: a yes has neutral or positive news, a no neutral or negative, "
    "in the proportions of the sentences",
    "strict": "strict rules: a yes has positive news, a no neutral or negative, in the proportions of the sentences",
    "B": "manual rules, reading B: as A, but in equal shares",
    "C": "manual rules, reading C: a yes has neutral or positive news, a no any, in the proportions of the sentences",
}
_NO = '  false -> sentiment in { "negative", "neutral" }\n'
_ANY = '  false -> sentiment in { "negative", "neutral", "positive" }\n'


def rules(reading: str) -> str:
    """The rule file; C has none of its own, so it is the manual one with the news of a no set free."""
    text = (EXAMPLE / f"{'strict' if reading == 'strict' else 'manual'}.htr").read_text("utf-8")
    if reading != "C":
        return text
    if text.count(_NO) != 1:
        raise RuntimeError("manual.htr no longer says in one line which news a no may have")
    return text.replace(_NO, _ANY)


@cache
def program(reading: str) -> htdbu.Program:
    """The rules, compiled."""
    return htdbu.compile_text(rules(reading))


@cache
def declaration() -> htdbu.Program:
    """The table alone, which is the same in all readings."""
    return htdbu.compile_text(table_alone(rules("manual")))


@lru_cache(maxsize=2)
def tables(settings: Settings, reading: str, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Training and test rows, every cell as text; the seed fixes the pairing and the split."""
    train, test = parts(settings.data, reading, seed)
    return settings.thin(train), settings.thin(test)


def labels(settings: Settings, n: int, seed: int) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """The sentiments of `n` sentences drawn from all of them, whatever the answer."""
    pool = prepare().read_sentences(settings.data / "financial_phrasebank" / "Sentences_50Agree.txt")
    sizes = np.array([len(sentences) for sentences in pool.values()])
    names = np.array(list(pool), dtype=object)
    return np.random.default_rng([seed, 2]).choice(names, n, p=sizes / sizes.sum())
