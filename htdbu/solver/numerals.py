"""Many numbers read at once; what needs a closer look is left to `reading`, and both always agree."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from htdbu.solver.table import HUGE

Steps = NDArray[np.int64]
Mask = NDArray[np.bool_]

_EXACT_FLOATS = 10.0**15
"""Below this, a float that equals r / 10**s has r / 10**s as its shortest decimal."""
_EXACT_POWER = 22
"""10**22 is the last power of ten that is a float."""
_ARROW_DIGITS = 38
_WHOLE_DIGITS = 17
_ISO_LENGTH = 10
_ISO_DIGITS = [0, 1, 2, 3, 5, 6, 8, 9]
_ISO_DASHES = [4, 7]
_NO_DATE = "0000-00-00"


def float_steps(floats: NDArray[np.float64], scale: int) -> tuple[Steps, Mask, Mask]:
    """The shortest decimals of floats in steps of 10**-scale, half-even.

    Returns:
        The steps; which of them had to be rounded; and which floats are left, since they are far from 0, infinite, or
        too near the middle of two steps.
    """
    with np.errstate(all="ignore"):
        product = floats * 10.0**scale
        steps = np.rint(product)
        # 2**-50 of the product is more than the float and the multiplication can be off together.
        apart = np.abs(product - np.floor(product) - 0.5) > np.abs(product) * 2.0**-50
        sure = (np.abs(steps) < _EXACT_FLOATS) & apart & (scale <= _EXACT_POWER)
        finer = sure & (steps / 10.0**scale != floats)
    return np.where(sure, steps, 0).astype(np.int64), finer, ~sure


def text_steps(words: Sequence[str], scale: int) -> tuple[Steps, Mask]:
    """Plain decimals, such as `-12.50`, in steps of 10**-scale; and which words are left."""
    if _WHOLE_DIGITS + scale > _ARROW_DIGITS:
        return np.zeros(len(words), np.int64), np.ones(len(words), bool)
    fraction = rf"(\.[0-9]{{1,{scale}}})?" if scale else ""
    texts = _arrow_texts(words)
    plain = pc.match_substring_regex(texts, rf"^[+-]?[0-9]{{1,{_WHOLE_DIGITS}}}{fraction}$")
    numbers, fits = _narrow(pc.if_else(plain, texts, "0").cast(pa.decimal128(_ARROW_DIGITS, scale)))
    sure = fits & (numbers < HUGE) & (numbers > -HUGE) & plain.to_numpy(zero_copy_only=False)
    return np.where(sure, numbers, 0), ~sure


def _arrow_texts(words: Sequence[str]) -> pa.Array:
    try:
        return pa.array(words, pa.string())
    except UnicodeEncodeError:  # half a surrogate pair
        return pa.array([word if word.isascii() else "" for word in words], pa.string())


def text_days(words: Sequence[str]) -> tuple[Steps, Mask]:
    """Dates in ISO form, such as `2024-02-29`, as days from 1970; and which words are left."""
    short = [word if len(word) == _ISO_LENGTH and word.isascii() else _NO_DATE for word in words]
    signs = np.array(short, f"S{_ISO_LENGTH}").view(np.uint8).reshape(-1, _ISO_LENGTH).astype(np.int64)
    digits = signs[:, _ISO_DIGITS] - ord("0")
    plain = ((digits >= 0) & (digits <= 9)).all(axis=1) & (signs[:, _ISO_DASHES] == ord("-")).all(axis=1)
    year, month, day = digits[:, :4] @ [1000, 100, 10, 1], digits[:, 4:6] @ [10, 1], digits[:, 6:] @ [10, 1]
    sure = plain & (year > 0) & (month >= 1) & (month <= 12) & (day >= 1)
    months = np.where(sure, 12 * (year - 1970) + month - 1, 0).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + (day - 1)
    sure &= days.astype("datetime64[M]") == months  # or there is no such day in the month
    return np.where(sure, days.astype(np.int64), 0), ~sure


def decimal_steps(decimals: pa.ChunkedArray, scale: int) -> tuple[Steps, Mask, Mask]:
    """Arrow's 128-bit decimals in steps of 10**-scale, half-even.

    Returns:
        The steps, of a null 0; which of them had to be rounded; and which decimals are left, since they are far from 0.
    """
    parts = [_narrow(chunk) for chunk in decimals.chunks] or [_narrow(pa.array([], decimals.type))]
    numbers, fits = (np.concatenate(halves) for halves in zip(*parts, strict=True))
    finer = decimals.type.scale - scale
    if abs(finer) > _WHOLE_DIGITS:
        return np.zeros(numbers.size, np.int64), np.zeros(numbers.size, bool), np.ones(numbers.size, bool)
    if finer <= 0:
        factor = 10**-finer
        sure = fits & (np.abs(numbers) < HUGE // factor)
        return np.where(sure, numbers * factor, 0), np.zeros(numbers.size, bool), ~sure
    steps, rest = np.divmod(numbers, 10**finer)
    steps += (2 * rest > 10**finer) | ((2 * rest == 10**finer) & (steps % 2 == 1))
    return np.where(fits, steps, 0), fits & (rest != 0), ~fits


def _narrow(decimals: pa.Array) -> tuple[Steps, Mask]:
    """128-bit numbers as 64-bit ones, and which of them are their own; nulls are 0."""
    # The low half comes first; the high half of one that fits into 64 bits repeats its sign.
    halves = np.frombuffer(decimals.buffers()[1], np.int64, 2 * len(decimals), 16 * decimals.offset).reshape(-1, 2)
    known = decimals.is_valid().to_numpy(zero_copy_only=False)
    fits = (halves[:, 0] >> 63 == halves[:, 1]) & (np.abs(halves[:, 0]) < 2 * HUGE - 1) | ~known
    return np.where(fits & known, halves[:, 0], 0), fits
