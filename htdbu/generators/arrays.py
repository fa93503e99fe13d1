"""The arrays that the generators pass around."""

from __future__ import annotations

from typing import Any

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float64]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]
Ints = np.ndarray[Any, np.dtype[np.int64]]

Ranks = Floats
"""Ranks of cells (see `table`): (rows,) for a column, (rows, columns) for a table."""
