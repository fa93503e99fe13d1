"""Counts that may be shown: multiples of the least count, and none from which a smaller one could be worked out.

Rounding to a base and secondary suppression are those of statistical offices (Hundepool et al., *Statistical Disclosure
Control*, Wiley 2012, sections 5.2 and 5.4.2).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from htdbu.providers.summary.model import Amount


def rounded(count: int, least: int) -> int:
    """The nearest multiple of `least`, halves up, of a count that is not smaller."""
    return (2 * count + least) // (2 * least) * least


def amount(count: int, least: int) -> Amount:
    """A count as it may be shown."""
    return "few" if 0 < count < least else rounded(count, least)


def _bounds(shown: int, least: int) -> tuple[int, int]:
    """The least and the greatest count that are shown as this one."""
    return max(shown - least // 2, least), shown + (least + 1) // 2 - 1


def showable(counts: Sequence[int], few: int, total: int, least: int) -> list[int]:
    """The places of the counts that may be shown beside their total, the largest first.

    Counts below `least` never are. Where what is hidden could nearly be worked out from the total and what is shown,
    the smallest that is shown is hidden with it.

    Args:
        few: how many rows are hidden beside these counts, nulls for instance.
    """
    order = sorted((i for i, count in enumerate(counts) if count >= least), key=lambda i: (-counts[i], i))
    while order and (hidden := total - sum(counts[i] for i in order)):
        groups = sum(counts[i] > 0 for i in range(len(counts)) if i not in order) + (few > 0)
        ends = [_bounds(rounded(counts[i], least), least) for i in order]
        low, high = _bounds(rounded(total, least), least)
        low = max(low - sum(end for _, end in ends), groups)
        high = min(high - sum(start for start, _ in ends), groups * (least - 1) if hidden < least else total)
        if hidden >= least or high - low >= (least - 1) // 2:
            break
        order.pop()
    return order


def shown_cells(counts: NDArray[np.int64], least: int) -> NDArray[np.bool_]:
    """Which cells of a table of counts may be shown beside the totals of its lines and columns.

    A cell below `least` is hidden. So that it does not follow from a total, no line and no column has just one hidden
    cell: another of its cells is hidden too, one that stands across from hidden ones where there are such, the
    smallest of these.

    Args:
        counts: the last line and the last column count rows that have none of the values shown; those are never shown,
            and where there are `least` of them or none, nothing else need be hidden for their sake.
    """
    shown: NDArray[np.bool_] = counts >= least
    alone: NDArray[np.bool_] = np.zeros_like(shown)  # hidden, and may be worked out
    for rest in ((-1, slice(None)), (slice(None), -1)):
        shown[rest] = counts[rest] == 0
        alone[rest] = counts[rest] >= least
    lone = True
    while lone:
        lone = _hide_beside(counts, shown, alone)
        lone = _hide_beside(counts.T, shown.T, alone.T) or lone
    return shown[:-1, :-1]


def _hide_beside(counts: NDArray[np.int64], shown: NDArray[np.bool_], alone: NDArray[np.bool_]) -> bool:
    """Hide a second cell in each line that has just one hidden; whether there was such a line."""
    changed = False
    whole = set(np.flatnonzero(shown.all(axis=0)).tolist())
    for i in range(len(counts)):
        free = [j for j in np.flatnonzero(shown[i]).tolist() if counts[i, j]]  # an empty rest would hide nothing
        if free and np.count_nonzero(~shown[i] & ~alone[i]) == 1 == np.count_nonzero(~shown[i]):
            _, _, place = min((j in whole, counts[i, j], j) for j in free)
            shown[i, place], changed = False, True
            whole.discard(place)
    return changed
