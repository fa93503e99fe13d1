"""Calls into libraries that print, warn, start processes and draw from global random states, without any of that."""

from __future__ import annotations

import contextlib
import io
import random
import warnings
from collections.abc import Iterator

import joblib
import numpy as np
import torch
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]


@contextlib.contextmanager
def quiet_and_seeded(seed: int) -> Iterator[None]:
    """Seed every global random state, hold back output and warnings, work on one thread; then put all back.

    One thread, since sums of floats round differently on two.
    """
    numpy_state, torch_state, python_state = np.random.get_state(), torch.get_rng_state(), random.getstate()
    threads = torch.get_num_threads()
    with contextlib.ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings(action="ignore"))
        stack.enter_context(contextlib.redirect_stdout(io.StringIO()))
        stack.enter_context(joblib.parallel_config(backend="sequential"))
        stack.enter_context(threadpool_limits(limits=1))
        stack.callback(np.random.set_state, numpy_state)
        stack.callback(torch.set_rng_state, torch_state)
        stack.callback(random.setstate, python_state)
        stack.callback(torch.set_num_threads, threads)
        np.random.seed(seed)
        torch.random.default_generator.manual_seed(seed)  # that of the processor alone
        random.seed(seed)
        torch.set_num_threads(1)
        yield
