"""A synthetic retail loan book whose truth is known: the built-in data of the demo."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from htdbu.datasets.notes import write_notes
from htdbu.errors import UsageError

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Bools: TypeAlias = npt.NDArray[np.bool_]
Days: TypeAlias = npt.NDArray[np.datetime64]

FIRST_ID = 1_000_000
LAST_ID = 9_999_999
FIRST_DAY = np.datetime64("2005-01-03")  # the first banking day of 2005
TODAY = np.datetime64("2026-06-30")
THIS_YEAR = 2026

JOBS = np.array(["student", "employed", "self-employed", "unemployed", "retired"])
STUDENT, EMPLOYED, SELF_EMPLOYED, UNEMPLOYED, RETIRED = range(5)
RATINGS = ["D", "C", "B", "A"]
D, C, B, A = range(4)

# By job: the median income of a grown-up, and the tail index of incomes around it (smaller is more unequal).
MEDIAN_INCOME = np.array([8_000.0, 36_000.0, 40_000.0, 9_500.0, 24_000.0])
INCOME_TAIL = np.array([2.6, 3.6, 2.4, 3.0, 3.8])
WORKER_INCOME = 6_000


def load_loans(n: int = 5000, random_state: int | None = 0) -> pd.DataFrame:
    """Make a loan book of `n` accounts, the same one for the same arguments.

    Columns, in the order of `loans.htr`: id (unique), age (years), job, income, credit_limit, drawn, undrawn, arrears,
    owed (money: float64 whose shortest decimal has at most two digits), rating (ordered D < C < B < A), opened, closed
    (days as datetime64[s]; NaT while open), defaulted (bool), sentiment, note (text), emp.var.rate (one digit).

    The truth, column by column:

    * age is 18 to 95, skewed to the young; job depends on age: students are 40 at most, pensioners 50 at least.
    * income is log-logistic around a median that grows with age up to 50 and depends on the job, cut off at the
      ceiling of the age (under 25: 40,000; under 40: 150,000; else 400,000); who works has at least 6,000.
    * credit_limit is a share of at most 40 % of the income, mostly in full hundreds, for students at most 5,000.
    * opened is a banking day (Monday to Friday), recent ones likelier, and not in a year before the holder was 18.
      closed is missing in most rows, never before opened, and likelier the older the account is.
    * drawn is 0 where the account is closed, and otherwise a share of the limit that is small or large rather than
      middling; undrawn = credit_limit - drawn.
    * rating grows with the income and falls with the drawn share; who has drawn over 90 % is never rated A.
    * defaulted (about 2 %) depends on the rating before it and on the drawn share only; closed accounts and those that
      have drawn nothing never default. A default lowers A and B to C.
    * arrears are 5 to 50 % of drawn in a default; else 0, or now and then up to 25 % of drawn. owed = drawn + arrears.
    * sentiment is negative (70 %) or neutral (30 %) in a default, and otherwise neutral (60 %) or positive (40 %);
      note has that tone.
    * emp.var.rate depends on the quarter of opened alone.

    So every row obeys every hard rule of `loans.htr`.

    Args:
        n: number of rows, 0 to 9,000,000.
        random_state: seed; None draws a new book each time.

    Raises:
        UsageError: where `n` is out of range.
    """
    if not 0 <= n <= LAST_ID - FIRST_ID + 1:
        raise UsageError(f"a loan book of {n} rows cannot be made", f"give n from 0 to {LAST_ID - FIRST_ID + 1:,}")
    rng = np.random.default_rng(random_state)
    age = (18 + np.floor(78 * rng.beta(1.6, 2.6, n))).astype(np.int64)
    job = _jobs(age, rng)
    income = _incomes(age, job, rng)
    limit = _limits(income, job, rng)
    opened = _openings(age, rng)
    closed = _closings(opened, rng)
    drawn = _drawings(limit, np.isnat(closed), job, rng)
    usage = drawn / np.maximum(limit, 1)
    rating = _ratings(income, usage, rng)
    defaulted = _defaults(rating, usage, drawn, rng)
    rating = np.where(defaulted, np.minimum(rating, C), rating)
    arrears = _arrears(drawn, defaulted, rng)
    sentiment = _sentiments(defaulted, rng)
    return pd.DataFrame(
        {
            "id": np.arange(FIRST_ID, FIRST_ID + n, dtype=np.int64),
            "age": age,
            "job": pd.Series(JOBS[job].tolist(), dtype="str"),
            "income": _money(income),
            "credit_limit": _money(limit),
            "drawn": _money(drawn),
            "undrawn": _money(limit - drawn),
            "arrears": _money(arrears),
            "owed": _money(drawn + arrears),
            "rating": pd.Categorical([RATINGS[grade] for grade in rating.tolist()], RATINGS, ordered=True),
            "opened": opened.astype("datetime64[s]"),
            "closed": closed.astype("datetime64[s]"),
            "defaulted": defaulted,
            "sentiment": pd.Series(sentiment, dtype="str"),
            "note": pd.Series(write_notes(sentiment, rng), dtype="str"),
            "emp.var.rate": _employment(opened) / 10,
        }
    )


def _money(cents: Ints) -> Floats:
    """Money from cents: the float nearest to the decimal, whose shortest spelling is that decimal."""
    return cents / 100


def _jobs(age: Ints, rng: np.random.Generator) -> Ints:
    """A job for each age, by weights that change with it; positions in `JOBS`."""
    weights = np.empty((len(age), len(JOBS)))
    weights[:, STUDENT] = np.where(age <= 40, 1.3 * np.exp(-((age - 18) / 6.0)), 0)
    weights[:, EMPLOYED] = np.where(age < 62, 1.0, np.exp(-(age - 62) / 4.0))
    weights[:, SELF_EMPLOYED] = np.clip((age - 16) / 150, 0, 0.25)
    weights[:, UNEMPLOYED] = np.where(age < 67, 0.08, 0.0)
    weights[:, RETIRED] = np.where(age >= 50, np.expm1((age - 49) / 8.0) / 3, 0)
    bounds = np.cumsum(weights, axis=1)
    draws = rng.random(len(age)) * bounds[:, -1]
    job: Ints = (draws[:, None] >= bounds[:, :-1]).sum(axis=1)
    return job


def _incomes(age: Ints, job: Ints, rng: np.random.Generator) -> Ints:
    """Yearly incomes in cents: log-logistic between the lowest and the highest that age and job allow.

    With median m and tail index b, F(x) = 1 / (1 + (m / x)^b), whose inverse is m (u / (1 - u))^(1 / b).
    """
    growth = np.where(job == STUDENT, 1.0, 0.4 + 0.6 * np.minimum(age - 18, 32) / 32)
    median, tail = MEDIAN_INCOME[job] * growth, INCOME_TAIL[job]
    highest = np.select([age < 25, age < 40], [40_000, 150_000], 400_000)
    lowest = np.where((job == EMPLOYED) | (job == SELF_EMPLOYED), WORKER_INCOME, 0)
    high = 1 / (1 + (median / highest) ** tail)
    low = np.where(lowest > 0, 1 / (1 + (median / np.maximum(lowest, 1)) ** tail), 0)
    quantile = low + rng.random(len(age)) * (high - low)
    income = median * (quantile / (1 - quantile)) ** (1 / tail)
    cents: Ints = np.clip(np.rint(100 * income).astype(np.int64), 100 * lowest, 100 * highest)
    return cents


def _limits(income: Ints, job: Ints, rng: np.random.Generator) -> Ints:
    """Credit limits in cents: at most 40 % of the income, and 5,000 for students; most in full hundreds."""
    most = 2 * income // 5
    most = np.where(job == STUDENT, np.minimum(most, 500_000), most)
    limit: Ints = np.floor(most * rng.beta(2.2, 1.6, len(income))).astype(np.int64)
    return np.where(rng.random(len(income)) < 0.85, limit // 10_000 * 10_000, limit)


def _openings(age: Ints, rng: np.random.Generator) -> Days:
    """Banking days between the year in which the holder was 18 (at the earliest 2005) and today."""
    year = np.maximum(THIS_YEAR - (age - 18), 2005)
    first = np.maximum((year - 1970).astype("datetime64[Y]").astype("datetime64[D]"), FIRST_DAY)
    possible = np.busday_count(first, TODAY + np.timedelta64(1, "D"))
    back = np.floor(possible * rng.random(len(age)) ** 1.5).astype(np.int64)
    return np.asarray(np.busday_offset(TODAY, -back), dtype="datetime64[D]")


def _closings(opened: Days, rng: np.random.Generator) -> Days:
    """Days of closing; NaT where the account is open. An account of ten years is closed in about half of the cases."""
    tenure = (TODAY - opened).astype(np.int64)
    is_closed = (tenure >= 30) & (rng.random(len(opened)) < -np.expm1(-tenure / 5_000))
    after = 30 + np.floor((tenure - 30 + 1) * rng.beta(2.0, 1.3, len(opened))).astype(np.int64)
    return np.where(is_closed, opened + np.minimum(after, tenure), np.datetime64("NaT", "D"))


def _drawings(limit: Ints, is_open: Bools, job: Ints, rng: np.random.Generator) -> Ints:
    """What is drawn, in cents: nothing of a closed account; else all or little rather than half; students draw less."""
    usage = rng.beta(0.7, 1.0, len(limit)) * np.where(job == STUDENT, 0.6, 1.0)
    return np.where(is_open & (rng.random(len(limit)) < 0.85), np.floor(usage * limit), 0).astype(np.int64)


def _ratings(income: Ints, usage: Floats, rng: np.random.Generator) -> Ints:
    """Ratings before any default: a score that grows with the income and falls with the drawn share, cut in four."""
    score = 0.9 * np.log1p(income / 3_000_000) - 1.1 * usage + rng.logistic(0, 0.25, len(income))
    rating = np.searchsorted([-0.6, -0.1, 0.45], score)
    # A hair under 90 % of the limit, so that no rounding of a quotient matters to the rule.
    return np.where(usage > 0.899, np.minimum(rating, B), rating)


def _defaults(rating: Ints, usage: Floats, drawn: Ints, rng: np.random.Generator) -> Bools:
    """Who defaulted: the log-odds fall by one with every grade and rise with the drawn share."""
    odds = -3.3 - 1.0 * rating + 2.4 * usage
    # Below a money unit no arrears of 5 to 50 % in full cents need exist.
    return (drawn >= 100) & (rng.random(len(rating)) < 1 / (1 + np.exp(-odds)))


def _arrears(drawn: Ints, defaulted: Bools, rng: np.random.Generator) -> Ints:
    """What is overdue, in cents: 5 to 50 % of drawn in a default; else mostly nothing, at times up to 25 %."""
    deep = np.ceil(drawn * (0.06 + 0.42 * rng.beta(1.2, 3.0, len(drawn))))
    late = np.where(rng.random(len(drawn)) < 0.12, np.floor(drawn * 0.25 * rng.random(len(drawn)) ** 2), 0)
    return np.where(defaulted, deep, late).astype(np.int64)


def _sentiments(defaulted: Bools, rng: np.random.Generator) -> list[str]:
    """The tone of each note: negative or neutral in a default, else neutral or positive."""
    draw = rng.random(len(defaulted))
    gloomy = np.where(draw < 0.7, "negative", "neutral")
    calm = np.where(draw < 0.6, "neutral", "positive")
    return [str(tone) for tone in np.where(defaulted, gloomy, calm)]


def _employment(opened: Days) -> Ints:
    """The change of employment in the quarter of a day, in tenths of a percent: a cycle of ten years and a season."""
    quarter = opened.astype("datetime64[M]").astype(np.int64) // 3 - 4 * (2005 - 1970)
    season = np.where(np.isin(quarter % 4, [1, 2]), 2, -2)
    return 30 - 3 * np.abs(quarter % 40 - 20) + season
