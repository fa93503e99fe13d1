"""Asking again after a failure that may pass: a bounded number of times, each after a longer wait."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from htdbu.errors import ProviderError
from htdbu.providers.llm.faults import TransientError
from htdbu.providers.llm.messages import Answer

FIRST_WAIT = 1.0
LONGEST_WAIT = 60.0
"""In seconds; also the longest that an endpoint may ask to be waited for."""

Wait = Callable[[float], None]


class Retrying:
    """Waits of 1, 2, 4, … seconds, each times a number between 1/2 and 3/2 that the seed fixes.

    Args:
        attempts: so often is asked at most.
        wait: does the waiting.
    """

    def __init__(self, attempts: int, seed: int, wait: Wait) -> None:
        self._attempts = attempts
        self._random = np.random.default_rng(seed)
        self._wait = wait

    def run(self, ask: Callable[[], Answer], on_failure: Callable[[str, str, bool], None]) -> Answer:
        """The answer of the first attempt that succeeds.

        Args:
            on_failure: told the reason and the way out of each failure, and whether it is the last.

        Raises:
            ProviderError: none did.
        """
        for attempt in range(1, self._attempts + 1):
            try:
                return ask()
            except TransientError as failure:
                is_last = attempt == self._attempts
                message = f"{failure.reason} (asked {attempt} times)" if is_last and attempt > 1 else failure.reason
                on_failure(message, failure.hint, is_last)
                if is_last:
                    raise ProviderError(message, failure.hint) from None
                self._wait(self._seconds(attempt, failure.after))
            except ProviderError as failure:
                on_failure(failure.message, failure.hint or "", True)
                raise
        raise AssertionError("at least one attempt is made")

    def _seconds(self, attempt: int, after: float | None) -> float:
        jitter = 0.5 + float(self._random.random())
        own = min(FIRST_WAIT * 2.0 ** (attempt - 1) * jitter, LONGEST_WAIT)
        return own if after is None else min(max(after, own), LONGEST_WAIT)
