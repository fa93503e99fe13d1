"""The generators on Bank Marketing: does a model trained on drawn rows do as well as one trained on real ones?"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from htdbu.generators import create

pytestmark = pytest.mark.slow

ROWS = 12_000


@pytest.fixture(scope="module")
def bank(data_dir: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A train and a test part."""
    whole = pd.read_csv(data_dir / "bank_marketing" / "bank-full.csv", sep=";")
    train, test = train_test_split(whole, test_size=0.3, random_state=42, stratify=whole["y"])
    return train, test


def auroc(train: pd.DataFrame, test: pd.DataFrame) -> float:
    """Of a logistic regression trained on one table and judged on the other."""
    features = train.drop(columns="y")
    numbers = list(features.select_dtypes("number"))
    words = [column for column in features if column not in numbers]
    prepared = make_column_transformer((StandardScaler(), numbers), (OneHotEncoder(handle_unknown="ignore"), words))
    model = make_pipeline(prepared, LogisticRegression(max_iter=2000)).fit(features, train["y"])
    return float(roc_auc_score(test["y"] == "yes", model.predict_proba(test[features.columns])[:, 1]))


@pytest.mark.parametrize("name", ["random-forest", "xgboost"])
def test_drawn_rows_train_as_well_as_real_ones(name: str, bank: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    train, test = bank
    real = train.sample(ROWS, random_state=1)
    given = real[["y"]].reset_index(drop=True)
    rows = create(name, random_state=42).fit(train).sample(ROWS, given)
    assert given["y"].equals(rows["y"])
    assert auroc(rows, test) > auroc(real, test) - 0.03
