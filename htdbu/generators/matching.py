"""Rows of a pool for rows of which some cells are given: those that agree with them most, in bounded time.

Categories must agree, and whether a number is missing; where no row of the pool agrees in all of them, the weaker
columns are let go, one after another. Among the rows that are left, given numbers ask for a near one, each number
at its place in its column's distribution; without numbers every row comes up once before any comes up again.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from htdbu.generators.arrays import Floats, Ints, Ranks
from htdbu.generators.draws import ranks_within
from htdbu.generators.table import Column

MOST_NUMBERS = 4  # numbers that rows are compared by; finding the nearest of many is slow in more dimensions
NEAREST = 8  # rows of the pool that one is drawn from
BLUR = 0.01  # of its distribution that a given number is moved by, so that equal ones find different rows


def match(columns: Sequence[Column], pool: Ranks, asked: Ranks, rng: np.random.Generator) -> Ints:
    """For each asked row the place of a row of the pool.

    Args:
        columns: the given columns, those first that tell most about the others.
        pool: (rows, columns) the ranks of the pool in them, one row or more.
        asked: (rows, columns) the ranks of the given cells.
        rng: what chooses among rows that agree as much.
    """
    numbers = [k for k, column in enumerate(columns) if column.kind == "number"][:MOST_NUMBERS]
    places, wanted = (
        np.column_stack([np.empty((len(rows), 0)), *(_places(columns[k], rows[:, k], rng) for k in numbers)])
        for rows in (pool, asked)
    )
    wanted += BLUR * rng.uniform(-1, 1, wanted.shape)
    picked, left = np.zeros(len(asked), dtype=np.int64), np.arange(len(asked))
    own, sought = np.zeros(len(pool), dtype=np.int64), np.zeros(len(asked), dtype=np.int64)
    for k, column in enumerate(columns):
        finer, finer_sought = _split(own, sought, _codes(column, pool[:, k]), _codes(column, asked[left, k]))
        there = np.isin(finer_sought, finer)
        lost = left[~there]
        picked[lost] = _pick(own, sought[~there], places, wanted[lost], rng)
        own, sought, left = finer, finer_sought[there], left[there]
    picked[left] = _pick(own, sought, places, wanted[left], rng)
    return picked


def _codes(column: Column, ranks: Ranks) -> Ints:
    """What of a cell must agree: the group of a category, whether a number is missing."""
    seen = column.group_of(ranks)
    return (seen == column.present if column.kind == "number" else seen).astype(np.int64)


def _places(column: Column, ranks: Ranks, rng: np.random.Generator) -> Floats:
    """Where numbers stand in their column's distribution: anywhere in the part of their symbol.

    A number between two symbols may stand in the part of either, one that is unknown or missing anywhere.
    """
    ends = np.concatenate([[0], column.ends[: column.present]])
    nowhere = np.isnan(ranks) | (ranks >= column.present)
    known = np.where(nowhere, 0, ranks)
    low = ends[np.clip(np.floor(known), 0, column.present - 1).astype(np.int64)]
    high = ends[np.clip(np.ceil(known), 0, column.present - 1).astype(np.int64) + 1]
    uniforms = rng.random(len(ranks))
    return np.where(nowhere, uniforms, low + uniforms * (high - low))


def _split(own: Ints, sought: Ints, codes: Ints, sought_codes: Ints) -> tuple[Ints, Ints]:
    """The groups of both sides, told apart by one more code as well."""
    size = 1 + max(codes.max(), sought_codes.max(initial=0))
    finer = pd.factorize(np.concatenate([own * size + codes, sought * size + sought_codes]))[0].astype(np.int64)
    return finer[: len(own)], finer[len(own) :]


def _pick(own: Ints, sought: Ints, places: Floats, wanted: Floats, rng: np.random.Generator) -> Ints:
    """For each row a row of the pool that is of the sought group, which has one."""
    if not sought.size:
        return np.empty(0, dtype=np.int64)
    if places.shape[1]:
        rows = np.flatnonzero(np.isin(own, sought))
        apart = 2.0 * places.shape[1] + 2  # more than any two rows of a group are
        tree = cKDTree(np.column_stack([apart * own[rows], places[rows]]))
        count = min(NEAREST, len(rows))
        found = tree.query(np.column_stack([apart * sought, wanted]), [*range(1, count + 1)])[1]
        alike = (own[rows[found]] == sought[:, None]).sum(axis=1)  # they come first
        near: Ints = rows[found[np.arange(len(sought)), (alike * rng.random(len(sought))).astype(np.int64)]]
        return near
    shuffled = rng.permutation(len(own))
    order = shuffled[np.argsort(own[shuffled], kind="stable")]
    first = np.searchsorted(own[order], sought, side="left")
    size = np.searchsorted(own[order], sought, side="right") - first
    turned: Ints = order[first + ranks_within(sought) % size]
    return turned
