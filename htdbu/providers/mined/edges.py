"""How far values may go that were seen to go so far: the edge of a distribution, from how its maximum grows.

The expected maximum of a random part of the rows follows from the order statistics: of a share f of n rows it is
sum over r >= 0 of x[r] f (1 - f)^r, where x[r] is the (r + 1)-th largest. The growth g[j] of this maximum when the
share doubles from 2^-(j+1) to 2^-j is geometric for every generalised Pareto tail, g[j] = g[0] rho^-j with
rho = 2^xi, xi being the tail's index (Pickands 1975 estimates xi from such quotients): 1/2 for a density that ends
abruptly, 1 for an exponential tail, more for a heavy one. So the growth of further doublings is known: nothing where
values pile up at the end, about one more spacing at an abrupt end, much in a tail. Both g[0] and rho are estimates;
they are enlarged so far that of bounds on 20,000 values ten times as many new ones pass 1 % (abrupt ends) to 20 % (a
normal tail; `python -m benchmarks.mined --only edges`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from htdbu.generators.arrays import Floats
from htdbu.providers.mined.view import Steps

_TOP = 400
"""So many of the largest values are looked at."""
_LADDER = 6
"""So many halvings, at most."""
_AHEAD = 8
"""So many doublings are looked ahead: the maximum of 256 times as many rows."""
_LIGHTEST, _HEAVIEST = 0.01, 1.5
"""No tail is taken to be heavier than one without a variance (rho = 2^0.5), about."""
_WIDER, _HEAVIER = 2.0, 1.2
"""How much larger the growth and rho may be than they look."""


@dataclass(frozen=True)
class Edge:
    """The upper end of a sample of numbers.

    Attributes:
        extreme: the largest value.
        likely: about the largest of many more values.
        reach: what these will hardly exceed.
        growth: how much the maximum grew with the last doubling.
        spread: from the median to the largest value.
        held: how many values are equal to the largest.
    """

    extreme: float
    likely: float
    reach: float
    growth: float
    spread: float
    held: int


def upper_edge(values: Steps | Floats) -> Edge:
    """The upper end of values; negate them for the lower end."""
    n = values.size
    top = np.sort(np.partition(values, n - min(n, _TOP))[n - min(n, _TOP) :])[::-1].astype(np.float64)
    extreme, spread = float(top[0]), float(top[0] - np.median(values))
    growth = _growth(top, n)
    held = int(np.count_nonzero(values == top[0]))
    if growth.size < 2 or not growth[1:].sum():
        most = float(growth.sum())
        return Edge(extreme, extreme, extreme + most, most, spread, held)
    rho = min(max(float(growth[:-1].sum() / growth[1:].sum()), _LIGHTEST), _HEAVIEST)
    smooth = float(growth.sum() / (rho ** -np.arange(growth.size)).sum())
    last = max(float(growth[0]), smooth)
    doublings = np.arange(1, _AHEAD + 1)
    likely = extreme + last * float((rho**doublings).sum())
    reach = extreme + _WIDER * last * float(((_HEAVIER * rho) ** doublings).sum())
    return Edge(extreme, likely, reach, last, spread, held)


def _growth(top: Floats, n: int) -> Floats:
    """How the maximum grew with each doubling of the rows, the last one first."""
    steps = min(_LADDER, int(np.log2(max(n / 4, 1))))
    ranks = np.arange(top.size)
    maxima = []
    for share in 0.5 ** np.arange(steps + 1):
        weights = share * (1 - share) ** ranks
        maxima.append(float(weights @ top) + (1 - float(weights.sum())) * float(top[-1]))
    return np.maximum(-np.diff(np.array(maxima)), 0)
