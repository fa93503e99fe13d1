"""How often bounds that are mined from a sample are passed by ten times as many new values, for known distributions."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from htdbu.providers.mined.rounding import number_bound

SIZES = (200, 2_000, 20_000)
_TRIES, _FEWEST = 80, 10
Draw = Callable[[np.random.Generator, int], NDArray[np.float64]]
DISTRIBUTIONS: dict[str, Draw] = {
    "even": lambda rng, n: rng.random(n),
    "beta(2, 2)": lambda rng, n: rng.beta(2, 2, n),
    "beta(2, 3)": lambda rng, n: rng.beta(2, 3, n),
    "exponential, cut off": lambda rng, n: -np.log1p(-0.95 * rng.random(n)),
    "normal": lambda rng, n: rng.normal(size=n),
    "exponential": lambda rng, n: rng.exponential(size=n),
    "lognormal": lambda rng, n: rng.lognormal(size=n),
    "Pareto of index 2": lambda rng, n: rng.pareto(2, n),
}


def passed(draw: Draw, size: int, rng: np.random.Generator) -> tuple[float, float]:
    """The share of bounds that new values pass, and how far they lie beyond the sample, as a share of its spread."""
    broken, beyond = [], []
    for _ in range(_TRIES):
        unit = 10 ** rng.uniform(3, 5)  # so that no distribution ends at a round number
        seen, new = (np.round(unit * draw(rng, n)).astype(np.int64) for n in (size, min(10 * size, 200_000)))
        bound = number_bound(seen, True, _FEWEST)
        broken.append(bool((new > bound).any()))
        beyond.append((bound - seen.max()) / (seen.max() - np.median(seen)))
    return float(np.mean(broken)), float(np.median(beyond))


def table() -> Iterator[str]:
    """A line for each distribution."""
    rng = np.random.default_rng(0)
    for name, draw in DISTRIBUTIONS.items():
        cells = (passed(draw, size, rng) for size in SIZES)
        yield f"| {name} | {' | '.join(f'{broken:.0%}, {beyond:.1%} beyond' for broken, beyond in cells)} |"
