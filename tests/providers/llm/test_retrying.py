"""Asking again: how often, after how long, and what is told in the end."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from htdbu.errors import ProviderError
from htdbu.providers.llm.faults import TransientError
from htdbu.providers.llm.messages import Answer
from htdbu.providers.llm.retrying import LONGEST_WAIT, Retrying

ANSWER = Answer("table t { a : int }", "m")


def script(*steps: Exception | Answer) -> Callable[[], Answer]:
    left = list(steps)

    def ask() -> Answer:
        step = left.pop(0)
        if isinstance(step, Exception):
            raise step
        return step

    return ask


def run(attempts: int, *steps: Exception | Answer, seed: int = 0) -> tuple[object, list[float], list[tuple[str, bool]]]:
    waits: list[float] = []
    failures: list[tuple[str, bool]] = []
    retrying = Retrying(attempts, seed, waits.append)
    try:
        found: object = retrying.run(script(*steps), lambda reason, _, is_last: failures.append((reason, is_last)))
    except ProviderError as error:
        found = error.message
    return found, waits, failures


def busy(after: float | None = None) -> TransientError:
    return TransientError("busy", "wait", after)


def test_what_passes_is_asked_again_after_longer_and_longer_waits() -> None:
    found, waits, failures = run(5, busy(), busy(), busy(), ANSWER)
    assert (ANSWER, [("busy", False)] * 3) == (found, failures)
    assert [True] * 3 == [low <= wait <= 3 * low for low, wait in zip((0.5, 1.0, 2.0), waits, strict=True)]


def test_waits_are_fixed_by_the_seed() -> None:
    same, again, other = (run(5, busy(), busy(), ANSWER, seed=seed)[1] for seed in (1, 1, 2))
    assert (True, False) == (same == again, same == other)


def test_the_last_failure_is_told() -> None:
    found, waits, failures = run(3, busy(), busy(), busy())
    assert ("busy (asked 3 times)", 2) == (found, len(waits))
    assert [("busy", False), ("busy", False), ("busy (asked 3 times)", True)] == failures


def test_what_will_not_pass_is_not_asked_again() -> None:
    assert ("no", [], [("no", True)]) == run(5, ProviderError("no"), ANSWER)


@pytest.mark.parametrize(("asked_for", "waited"), [(20.0, 20.0), (86_400.0, LONGEST_WAIT)])
def test_an_endpoint_may_ask_for_a_longer_wait_within_bounds(asked_for: float, waited: float) -> None:
    assert (ANSWER, [waited], [("busy", False)]) == run(5, busy(asked_for), ANSWER)


def test_a_short_wait_that_an_endpoint_asks_for_does_not_shorten_ours() -> None:
    (wait,) = run(5, busy(0.0), ANSWER)[1]
    assert wait >= 0.5
