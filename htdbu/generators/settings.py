"""The settings of generators: judged where one is made, and read from the texts of a command line."""

from __future__ import annotations

import math
from collections.abc import Mapping
from numbers import Real
from operator import index
from typing import Any

from htdbu.compiler.diagnostics.suggest import did_you_mean
from htdbu.errors import UsageError
from htdbu.generators import registry
from htdbu.generators.params import defaults_of

_ELSEWHERE = ("allow_unique", "random_state")
_WORDS = {"true": True, "yes": True, "false": False, "no": False}


def whole(name: str, value: int, least: int = 1) -> int:
    """The value as a whole number.

    Raises:
        UsageError: it is none, or below the least one.
    """
    try:
        found = index(value)
    except TypeError:
        raise UsageError(f"{name} is {value!r}, which is no whole number", f"give {least} or more") from None
    if found < least:
        raise UsageError(f"{name} is {found}", f"give {least} or more")
    return found


def share(name: str, value: float) -> float:
    """The value as a number above 0 and up to 1.

    Raises:
        UsageError: it is none.
    """
    if not isinstance(value, Real) or not 0 < value <= 1:
        raise UsageError(f"{name} is {value!r}", "give a number above 0, up to 1")
    return float(value)


def read_settings(generator: str, texts: Mapping[str, str]) -> dict[str, Any]:
    """Parameters of a generator from texts, each as what its default is.

    Raises:
        UsageError: there is no such generator or parameter, or a text is no such value.
    """
    parameters = settings_of(registry.load(generator))
    found = {}
    for name, text in texts.items():
        if name not in parameters:
            names = ", ".join(parameters)
            hint = did_you_mean(name, parameters) or (f"it has {names}" if names else "it has none that can be set")
            raise UsageError(f"{generator} has no setting {name!r}", hint)
        found[name] = _value(f"{generator}'s {name}", text, parameters[name])
    return found


def settings_of(kind: type[Any]) -> dict[str, Any]:
    """The defaults of a generator's own parameters that are numbers or truths."""
    own = defaults_of(kind).items()
    return {name: value for name, value in own if name not in _ELSEWHERE and isinstance(value, bool | int | float)}


def _value(said: str, text: str, default: Any) -> Any:
    if isinstance(default, bool):
        if text.lower() not in _WORDS:
            raise UsageError(f"{said} is {text!r}", "give true or false")
        return _WORDS[text.lower()]
    try:
        found = int(text) if isinstance(default, int) else float(text)
    except ValueError:
        wanted = "a whole number" if isinstance(default, int) else "a number"
        raise UsageError(f"{said} is {text!r}", f"give {wanted}, like {default}") from None
    if not math.isfinite(found):
        raise UsageError(f"{said} is {text!r}", f"give a number, like {default}")
    return found
