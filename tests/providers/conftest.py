"""Providers that an installed package offers."""

from __future__ import annotations

import pytest

from tests.providers.declaring import offer


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a package offer the providers of `declaring`."""
    offer(monkeypatch)
