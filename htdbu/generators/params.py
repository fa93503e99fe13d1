"""The parameters of generators as plain data, and generators made from such data, which anybody may have written."""

from __future__ import annotations

import inspect
from typing import Any

from htdbu.errors import DataError, UsageError
from htdbu.generators import registry
from htdbu.generators.base import Generator

_MOST_ROWS, _MOST = 10**9, 10**4
_MOST_SEED = 2**128


def params_of(generator: Generator) -> dict[str, Any]:
    """What its constructor was given, without the threads; for a seed of None the one that was drawn instead."""
    found = {name: getattr(generator, name) for name in defaults_of(type(generator)) if hasattr(generator, name)}
    if found.get("random_state") is None:
        found["random_state"] = getattr(generator, "entropy_", None)
    return found


def restored(name: Any, params: Any, threads: int | None) -> Generator:
    """A generator of a name with such parameters.

    Raises:
        DataError: they are none that it can have.
        UsageError: there is no such generator here.
    """
    if not isinstance(name, str) or not isinstance(params, dict):
        raise DataError("it names no generator")
    if name not in registry.names():
        raise UsageError(
            f"there is no generator {name!r}", "install the package that offers it, or fit the table again"
        )
    _check(params, defaults_of(registry.load(name)))
    return registry.create(name, **params, threads=threads)


def _check(params: dict[str, Any], defaults: dict[str, Any]) -> None:
    """Make sure that every parameter is known, and of the type of its default."""
    for name, value in params.items():
        if name == "random_state":
            fits = isinstance(value, int) and 0 <= value < _MOST_SEED
        elif name not in defaults:
            fits = False
        elif isinstance(value, dict) or value is None:
            fits = value is None or (defaults[name] is None and all(_plain(*each) for each in value.items()))
        else:
            fits = _plain(name, value) and (defaults[name] is None or type(value) is type(defaults[name]))
        if not fits:
            raise DataError(f"its generator has no such `{name}`")


def _plain(name: str, value: Any) -> bool:
    """Whether a value is one that a parameter of that name may have: nothing, a truth, or a number that is not mad."""
    if value is None or isinstance(value, bool):
        return True
    return isinstance(value, int | float) and 0 <= value <= (_MOST_ROWS if name.startswith("max_") else _MOST)


def defaults_of(kind: type[Generator]) -> dict[str, Any]:
    """The parameters of a class with their defaults, and those that it passes on to its base."""
    found: dict[str, Any] = {}
    for base in kind.__mro__:
        parameters = inspect.signature(base).parameters.values()
        for parameter in parameters:
            if parameter.kind is parameter.KEYWORD_ONLY and parameter.name != "threads":
                found.setdefault(parameter.name, parameter.default)
        if all(parameter.kind is not parameter.VAR_KEYWORD for parameter in parameters):
            break
    return found
