"""The names of all generators, for tests that go through them; those whose library is missing are skipped."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from htdbu.generators import names

NEURAL = ["ctgan", "tvae"]
without_sdv = pytest.mark.skipif(find_spec("sdv") is None, reason="sdv is not installed (make test-neural runs these)")
EVERY = [pytest.param(name, marks=without_sdv if name in NEURAL else ()) for name in names()]
EXACT = [name for name in names() if name not in NEURAL]
"""Those whose shares come out right within sampling error; a network's do not, however long it learns."""
