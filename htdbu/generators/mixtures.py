"""The normal mixtures by which CTGAN and TVAE see numbers: taken from a fitted model, and set in one that is restored.

Finding them takes most of the time that SDV needs beside the training, and the last digits of what is found differ
from machine to machine; so a saved model keeps them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
from ctgan import data_transformer
from rdt.transformers import ClusterBasedNormalizer

from htdbu.generators.arrays import Floats
from htdbu.generators.stored import State, Stored

_PARTS = "weights_", "means_", "covariances_"
_MOST = 10  # components, as both networks are set


def mixtures_of(transformer: Any) -> State:
    """By column the weights, means and variances of its components, (3, components)."""
    numbers = [info for info in transformer._column_transform_info_list if info.column_type == "continuous"]
    return {info.column_name: _array(info.transform._bgm_transformer) for info in numbers}


@contextmanager
def kept(stored: Stored, rows: int) -> Iterator[None]:
    """Give networks that are made in this context the stored mixtures, instead of finding some.

    Args:
        stored: what `mixtures_of` gave.
        rows: how many the table has.

    Raises:
        DataError: a mixture is missing, or none.
    """

    class Kept(ClusterBasedNormalizer):  # type: ignore[misc]
        def _fit(self, data: pd.Series[Any]) -> None:
            super(ClusterBasedNormalizer, self)._fit(data)
            found = _taken(stored, str(data.name), min(rows, _MOST), self.weight_threshold)
            self._bgm_transformer = SimpleNamespace(**found)
            self.valid_component_indicator = found["weights_"] > self.weight_threshold

        def _transform(self, data: pd.Series[Any]) -> Floats:
            return np.zeros((len(data), 2))  # read by the training alone

    found = data_transformer.ClusterBasedNormalizer
    data_transformer.ClusterBasedNormalizer = Kept
    try:
        yield
    finally:
        data_transformer.ClusterBasedNormalizer = found


def _array(mixture: Any) -> Floats:
    return np.stack([np.ravel(getattr(mixture, part)) for part in _PARTS]).astype(np.float64)


def _taken(stored: Stored, name: str, components: int, least: float) -> Mapping[str, Floats]:
    weights, means, variances = stored.floats(name, (3, components))
    if weights.max() <= least or variances.min() <= 0:
        raise stored.damaged(name)
    return {"weights_": weights, "means_": means[:, None], "covariances_": variances[:, None, None]}
