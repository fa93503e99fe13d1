"""Parts of equal mass."""

from __future__ import annotations

import numpy as np

from htdbu.generators.dyadic import dyadic


def test_equal_masses_are_halved_level_by_level() -> None:
    tree = dyadic(np.ones(8, dtype=int), 3)
    assert [[0] * 8, [0] * 4 + [4] * 4, [0, 0, 2, 2, 4, 4, 6, 6], list(range(8))] == tree.starts.tolist()
    assert np.full((3, 8), 0.5).tolist() == tree.shares.tolist()


def test_a_frequent_group_stands_alone_at_once() -> None:
    tree = dyadic(np.array([80, 5, 5, 5, 5]), 3)
    assert [0, 1, 1, 1, 1] == tree.starts[1].tolist()
    assert 0.2 == tree.shares[0][0]
    assert np.isnan(tree.shares[1][0])
    assert -1 == tree.splits(1)[0]
    assert [3, 3, 3, 3] == tree.splits(1)[1:].tolist()


def test_levels_bound_the_leaves_and_no_level_asks_nothing() -> None:
    assert 16 == len(np.unique(dyadic(np.ones(5000, dtype=int), 4).leaves))
    assert 2 == dyadic(np.array([1, 1, 1]), 7).levels
    assert 0 == dyadic(np.array([9]), 7).levels


def test_shares_along_a_walk_multiply_to_the_mass_of_the_leaf() -> None:
    mass = np.random.default_rng(0).integers(1, 100, 50)
    tree = dyadic(mass, 7)
    chance = np.ones(len(mass))
    for level in range(tree.levels):
        split, share = tree.splits(level), tree.shares[level]
        upper = np.arange(len(mass)) >= split
        chance *= np.where(split < 0, 1, np.where(upper, share, 1 - share))
    leaves = np.bincount(tree.leaves, weights=mass)
    np.testing.assert_allclose(leaves[tree.leaves] / mass.sum(), chance)
