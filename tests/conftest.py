"""What all tests share: the folder of the real data sets."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of the real data sets; without it a test is skipped, or fails where `HTDBU_REQUIRE_DATA` is set.

    `HTDBU_DATA` names the folder, relative to the repository's root; `../shared/data` by default.
    """
    folder = (ROOT / os.environ.get("HTDBU_DATA", "../shared/data")).resolve()
    if not (folder / "bank_marketing" / "bank-full.csv").is_file():
        reason = f"no real data in {folder}; HTDBU_DATA names another folder"
        if os.environ.get("HTDBU_REQUIRE_DATA", "0") not in ("", "0"):
            pytest.fail(f"{reason}; HTDBU_REQUIRE_DATA forbids to go without")
        pytest.skip(reason)
    return folder
