"""What a saved model holds of a generator: arrays by name, each judged as it is taken, for anybody may have made it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Union

import numpy as np

from htdbu.errors import DataError
from htdbu.generators.arrays import Floats, Ints

State = Mapping[str, Union["np.ndarray[Any, Any]", "State"]]
"""Arrays of numbers by name, and parts that hold such arrays."""


class Stored:
    """A state that was read from a file; what does not fit is a DataError that names it."""

    def __init__(self, state: State, name: str = "", taken: set[str] | None = None) -> None:
        self._state, self._name = state, name
        self._taken: set[str] = set() if taken is None else taken

    def damaged(self, name: str) -> DataError:
        """The error that says that one of its entries is not what it should be."""
        return DataError(f"`{self._name}{name}` is not what a model of this kind has")

    def part(self, name: object) -> Stored:
        """A part of it; one without entries where there is none."""
        found = self._state.get(str(name), {})
        if not isinstance(found, Mapping):
            raise self.damaged(str(name))
        return Stored(found, f"{self._name}{name}/", self._taken)

    def require_all_taken(self) -> None:
        """Make sure that there is nothing but what has been taken.

        Raises:
            DataError: there is more.
        """
        for name, value in self._state.items():
            if isinstance(value, Mapping):
                self.part(name).require_all_taken()
            elif f"{self._name}{name}" not in self._taken:
                raise self.damaged(name)

    def ints(self, name: str, *, low: int | None = None, high: int | None = None, size: int | None = None) -> Ints:
        """Whole numbers in one dimension, from `low` up to but without `high`."""
        array = self._array(name, "iu")
        if array.ndim != 1 or (size is not None and array.size != size):
            raise self.damaged(name)
        found = array.astype(np.int64)
        if found.size and ((low is not None and found.min() < low) or (high is not None and found.max() >= high)):
            raise self.damaged(name)
        return found

    def floats(self, name: str, shape: tuple[int, ...]) -> Floats:
        """Finite numbers of that shape."""
        array = self._array(name, "f")
        if array.shape != shape or not np.isfinite(array).all():
            raise self.damaged(name)
        return array.astype(np.float64)

    def lists(self, name: str, *, low: int, high: int) -> list[tuple[int, ...]]:
        """What `lists` made of several lists of whole numbers."""
        stored = self.part(name)
        sizes = stored.ints("sizes", low=0, high=2**31)
        values = stored.ints("values", low=low, high=high, size=int(sizes.sum()))
        return [tuple(part.tolist()) for part in np.split(values, np.cumsum(sizes)[:-1])] if sizes.size else []

    def _array(self, name: str, kinds: str) -> np.ndarray[Any, Any]:
        found = self._state.get(name)
        if not isinstance(found, np.ndarray) or found.dtype.kind not in kinds:
            raise self.damaged(name)
        self._taken.add(f"{self._name}{name}")
        return found


def lists(values: Sequence[Sequence[int]]) -> State:
    """Lists of whole numbers as arrays."""
    flat = [value for each in values for value in each]
    return {"values": np.array(flat, np.int64), "sizes": np.array([len(each) for each in values], np.int64)}
