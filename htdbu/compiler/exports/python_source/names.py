"""Python names for the names of a program."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterable


class Names:
    """Gives out names that are valid, and none twice.

    Args:
        taken: names that are not to be given out, beside those of Python itself.
    """

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = {*taken, *keyword.kwlist, *keyword.softkwlist, *dir(builtins)}

    def new(self, wanted: str) -> str:
        """A name as near as can be to the wanted one."""
        name = re.sub(r"\W", "_", wanted, flags=re.ASCII)
        name = name if name[:1].isalpha() else f"_{name}"
        while name in self._taken:
            name += "_"
        self._taken.add(name)
        return name

    def inner(self) -> Names:
        """A scope within this one."""
        return Names(self._taken)
