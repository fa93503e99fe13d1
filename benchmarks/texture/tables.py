"""The tables that are measured on: public ones from a folder, small ones that scikit-learn brings, and made ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn import datasets

from benchmarks.texture import made

ADULT = (
    *("age", "workclass", "fnlwgt", "education", "education-num", "marital-status", "occupation", "relationship"),
    *("race", "sex", "capital-gain", "capital-loss", "hours-per-week", "native-country", "income"),
)


@dataclass(frozen=True)
class Table:
    """A table by name: how it is read from the folder of the real data, and the column that a model predicts."""

    name: str
    read: Callable[[Path], pd.DataFrame]
    target: str


def adult(data: Path, part: str = "data") -> pd.DataFrame:
    """The training rows (`data`) or the test rows (`test`) of Adult; `?` is missing."""
    path = data / "adult" / f"adult.{part}"
    skipped = 1 if part == "test" else 0
    frame = pd.read_csv(path, names=list(ADULT), skipinitialspace=True, na_values="?", skiprows=skipped)
    return frame.assign(income=frame["income"].str.rstrip("."))


def bank(data: Path, name: str = "bank-full") -> pd.DataFrame:
    """Bank Marketing, the older (`bank-full`) or the newer (`bank-additional-full`) table."""
    return pd.read_csv(data / "bank_marketing" / f"{name}.csv", sep=";")


def bundled(load: Callable[..., Any]) -> pd.DataFrame:
    """A table that scikit-learn brings."""
    frame: pd.DataFrame = load(as_frame=True).frame
    return frame.rename(columns=lambda name: str(name).replace(" ", "_"))


def diabetes() -> pd.DataFrame:
    """442 patients: ten measurements in their own units, and a number to predict."""
    return bundled(lambda as_frame: datasets.load_diabetes(as_frame=as_frame, scaled=False))


def breast_cancer() -> pd.DataFrame:
    """569 tumours: thirty measurements, and whether they are benign."""
    return bundled(datasets.load_breast_cancer).assign(target=lambda frame: frame["target"] == 1)


TABLES = {
    table.name: table
    for table in (
        Table("bank", bank, "y"),
        Table("adult", adult, "income"),
        Table("bank-additional", lambda data: bank(data, "bank-additional-full"), "y"),
        Table("numeric", lambda _: made.numeric(), "halves"),
        Table("money", lambda _: made.money(), "late"),
        Table("time-stamped", lambda _: made.stamped(), "load"),
        Table("prices", lambda _: made.prices(), "price"),
        Table("diabetes", lambda _: diabetes(), "target"),
        Table("breast-cancer", lambda _: breast_cancer(), "target"),
    )
}


def halves(frame: pd.DataFrame, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two halves of equally many rows, drawn by seed."""
    order, half = np.random.default_rng(seed).permutation(len(frame)), len(frame) // 2
    first, second = order[:half], order[half : 2 * half]
    return frame.iloc[first].reset_index(drop=True), frame.iloc[second].reset_index(drop=True)
