"""Tables nobody has tuned anything to, made with fixed seeds: numeric, with hidden sums, time-stamped, a regression."""

from __future__ import annotations

import numpy as np
import pandas as pd

ROWS = 20_000


def numeric() -> pd.DataFrame:
    """Twelve numbers with curved, circular and multiplicative dependence, heavy tails, spikes and counts."""
    rng = np.random.default_rng(11)
    a, b = rng.normal(0, 1, ROWS), rng.uniform(-2, 2, ROWS)
    angle, radius = rng.uniform(0, 2 * np.pi, ROWS), rng.normal(5, 0.4, ROWS)
    sign = np.where(a * b > 0, 1, -1)
    return pd.DataFrame(
        {
            "a": a.round(3),
            "b": b.round(2),
            "square": (a**2 + rng.normal(0, 0.2, ROWS)).round(3),
            "scale": np.exp(0.8 * a + rng.normal(0, 0.5, ROWS)).round(2),
            "ring_x": (radius * np.cos(angle)).round(3),
            "ring_y": (radius * np.sin(angle)).round(3),
            "two_humps": (2 * sign + rng.normal(0, 0.5, ROWS)).round(3),
            "heavy": (rng.standard_t(3, ROWS) * (1 + np.abs(b))).round(2),
            "events": rng.poisson(np.exp(0.5 + 0.6 * b)),
            "passes": rng.binomial(20, 1 / (1 + np.exp(-a - b))),
            "halves": np.round(2 * (a + b + rng.normal(0, 0.3, ROWS))) / 2,
            "spiked": np.where(rng.random(ROWS) < 0.4, 0, rng.gamma(2, np.exp(0.5 * a), ROWS)).round(2),
        }
    )


def money() -> pd.DataFrame:
    """Bills that add up, payments that often equal a bill, fees at a rate, due dates at a term; nothing says so."""
    rng = np.random.default_rng(5)
    before = np.exp(rng.normal(7, 1, ROWS)).round().astype(np.int64)
    some = (before * rng.beta(1, 4, ROWS)).round().astype(np.int64)
    paid = np.where(rng.random(ROWS) < 0.3, before, np.where(rng.random(ROWS) < 0.3, 0, some))
    spent = np.exp(rng.normal(6, 1, ROWS)).round().astype(np.int64)
    after = before - paid + spent
    fee = np.where(rng.random(ROWS) < 0.2, (0.02 * after).round().astype(np.int64), 0)
    issued = pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 1500, ROWS), unit="D")
    term = np.where(rng.random(ROWS) < 0.7, 30, rng.integers(10, 60, ROWS))
    return pd.DataFrame(
        {
            "before": before,
            "paid": paid,
            "spent": spent,
            "after": after,
            "fee": fee,
            "total": after + fee,
            "income": (np.exp(rng.normal(10, 0.5, ROWS)) + 0.3 * after).round(2),
            "issued": issued,
            "due": issued + pd.to_timedelta(term, unit="D"),
            "kind": rng.choice(["private", "shop", "firm"], ROWS, p=[0.6, 0.3, 0.1]),
            "late": rng.random(ROWS) < np.where(term > 40, 0.5, 0.1),
        }
    )


def stamped() -> pd.DataFrame:
    """Readings of six meters every quarter of an hour, busy by hour and weekday; most moments occur several times."""
    rng = np.random.default_rng(21)
    start, slots = pd.Timestamp("2024-01-01"), 180 * 96
    slot = np.arange(slots)
    hour, weekday = (slot % 96) / 4, slot // 96 % 7
    busy = 0.2 + np.exp(-(((hour - 9) / 2.5) ** 2)) + 0.8 * np.exp(-(((hour - 18) / 3) ** 2))
    busy = busy * np.where(weekday < 5, 1.0, 0.4)
    at = rng.choice(slots, ROWS, p=busy / busy.sum())
    meter = rng.integers(0, 6, ROWS)
    outside = 10 - 8 * np.cos(2 * np.pi * (at / 96 + 10) / 365) + 4 * np.sin(2 * np.pi * (hour[at] - 9) / 24)
    outside = outside + rng.normal(0, 1.5, ROWS)
    load = 40 * busy[at] * (1 + 0.3 * meter) + np.maximum(15 - outside, 0) * 2 + rng.normal(0, 4, ROWS)
    return pd.DataFrame(
        {
            "at": start + pd.to_timedelta(15 * at, unit="min"),
            "meter": [f"meter {k}" for k in meter],
            "outside": outside.round(1),
            "load": load.round(1),
            "voltage": (230 - 0.05 * load + rng.normal(0, 0.8, ROWS)).round(1),
            "phases": np.where(load > 70, 3, np.where(rng.random(ROWS) < 0.7, 1, 3)),
            "alarm": rng.random(ROWS) < 1 / (1 + np.exp(6 - 0.05 * load)),
        }
    )


def prices() -> pd.DataFrame:
    """Houses whose price depends on everything else, with interactions: a table to learn a number from."""
    rng = np.random.default_rng(31)
    district = rng.choice(5, ROWS, p=[0.35, 0.25, 0.2, 0.15, 0.05])
    area = np.exp(rng.normal(4.5, 0.4, ROWS)).clip(20, 400)
    rooms = np.clip(np.round(area / 28 + rng.normal(0, 0.8, ROWS)), 1, 12).astype(np.int64)
    built = (1900 + 125 * rng.beta(3, 1.5, ROWS)).astype(np.int64)
    distance = rng.gamma(2, 2 + district, ROWS)
    condition = rng.choice(4, ROWS, p=[0.1, 0.3, 0.4, 0.2])
    garden = np.where(rng.random(ROWS) < 0.2 + 0.1 * district, rng.gamma(2, 150, ROWS), 0)
    age = 2025 - built
    worth = 2_500 * np.exp(-0.06 * distance) * (1 + 0.12 * condition) * (1 - 0.004 * age * (condition < 2))
    price = area * worth * np.array([1.6, 1.1, 1.0, 0.8, 0.7])[district] + 90 * garden * (district > 1)
    return pd.DataFrame(
        {
            "district": np.array(["centre", "north", "south", "east", "hills"])[district],
            "area": area.round(1),
            "rooms": rooms,
            "built": built,
            "distance": distance.round(2),
            "condition": np.array(["poor", "fair", "good", "new"])[condition],
            "garden": garden.round(),
            "price": (price * np.exp(rng.normal(0, 0.12, ROWS))).round(-2),
        }
    )
