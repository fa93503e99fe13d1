"""One server for all tests; each test has its own folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lsp.client import Editor


@pytest.fixture(scope="session")
def _only_editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    editor = Editor(tmp_path_factory.mktemp("editor"))
    yield editor
    editor.close()


@pytest.fixture
def editor(_only_editor: Editor, tmp_path: Path) -> Iterator[Editor]:
    """An editor without open files; whatever a test makes the server log is a failure, unless the test clears it."""
    _only_editor.folder = tmp_path
    yield _only_editor
    for uri in [*_only_editor.versions]:
        _only_editor.shut(uri.rpartition("/")[2])
    logged, _only_editor.logged = _only_editor.logged, []
    assert [] == logged
