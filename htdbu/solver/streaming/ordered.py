"""The same work for every item of a stream, on several threads, with results in the order of the items."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

MOST_THREADS = 4
"""More pieces than this, and one, are never in memory at a time."""


class Halted(BaseException):
    """Raised in a thread whose result nobody waits for any longer."""


class Halt:
    """Tells threads that nobody waits for them any longer."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def call(self) -> None:
        """Have them stop at their next `check`."""
        self._event.set()

    def check(self, *_: int) -> None:
        """Stop, if that was asked for; takes what a `progress` takes.

        Raises:
            Halted: where it was.
        """
        if self._event.is_set():
            raise Halted


def ordered(
    function: Callable[[Item], Result], items: Iterable[Item], threads: int, halt: Halt | None = None
) -> Generator[Result, None, None]:
    """`map`, with up to so many items worked on at a time; on an exception the others are abandoned."""
    if threads == 1:
        yield from map(function, items)
        return
    pool = ThreadPoolExecutor(threads, thread_name_prefix="htdbu-piece")
    running: deque[Future[Result]] = deque()
    try:
        for item in items:
            running.append(pool.submit(function, item))
            del item  # a piece is large: only its work holds it
            if len(running) > threads:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()
    except BaseException:
        if halt is not None:
            halt.call()
        raise
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
