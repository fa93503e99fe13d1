"""Parts that have a name: the built-in ones, and any that an installed package offers through an entry point group.

The built-in ones are known without being installed, so that a source checkout works as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Generic, TypeVar

from htdbu.errors import UsageError

Part = TypeVar("Part")


@dataclass(frozen=True)
class Offers(Generic[Part]):
    """All parts of a kind, by name.

    Attributes:
        what: the word for one of them, as in "there is no generator 'bit'".
        base: the class that each must be a subclass of.
        group: the entry point group through which packages offer others.
        built_in: the place of each of ours, `module:class`.
        extras: those of ours that need an extra of htdbu, with its name.
    """

    what: str
    base: type[Any]
    group: str
    built_in: Mapping[str, str]
    extras: Mapping[str, str] = field(default_factory=dict)

    def names(self) -> list[str]:
        """The names of all, the built-in ones first."""
        return list(self._points())

    def name_of(self, part: Part) -> str | None:
        """The name under which a part of just this class is offered, None where there is none."""
        place = f"{type(part).__module__}:{type(part).__qualname__}"
        return next((name for name, point in self._points().items() if point.value == place), None)

    def load(self, name: str) -> type[Part]:
        """The class of that name.

        Raises:
            UsageError: no such name, or what it stands for cannot be loaded.
        """
        points = self._points()
        if name not in points:
            close = get_close_matches(name.lower().replace("_", "-"), points, n=1)
            raise UsageError(
                f"there is no {self.what} {name!r}",
                f"did you mean {close[0]!r}?" if close else f"the {self.what}s are {', '.join(points)}",
            )
        try:
            found = points[name].load()
        except (ImportError, AttributeError) as error:
            raise UsageError(f"the {self.what} {name!r} cannot be loaded: {error}", self._way_out(name)) from error
        if not (isinstance(found, type) and issubclass(found, self.base)):
            message = f"the {self.what} {name!r} is {points[name].value}, which is no subclass of {self.base.__name__}"
            raise UsageError(message)
        return found

    def create(self, name: str, **params: Any) -> Part:
        """A new one, `params` going to its constructor.

        Raises:
            UsageError: no such name, no such parameter, or what the name stands for cannot be loaded.
        """
        made = self.load(name)
        try:
            return made(**params)
        except TypeError as error:
            raise UsageError(f"cannot create the {self.what} {name!r}: {error}") from error

    def made(self, part: str | Part, settings: Mapping[str, Any], **params: Any) -> tuple[str, Part]:
        """The name of a part and itself, made where only a name is given.

        Args:
            settings: parameters that are asked for by name; an error where the part is there already.
            params: further parameters, of no use where the part is there already.

        Raises:
            UsageError: it cannot be made (see `create`), or there are settings for one that is there already.
        """
        if isinstance(part, str):
            return part, self.create(part, **params, **settings)
        if settings:
            raise self.settled("settings")
        return self.name_of(part) or type(part).__name__, part

    def settled(self, argument: str) -> UsageError:
        """The error that an argument came too late, for a part that is there already."""
        message = f"{argument} is for a {self.what} given by its name"
        return UsageError(message, f"give it where the {self.what} is made")

    def _points(self) -> dict[str, EntryPoint]:
        built_in = {name: EntryPoint(name, value, self.group) for name, value in self.built_in.items()}
        others = {point.name: point for point in entry_points(group=self.group) if point.name not in built_in}
        return built_in | dict(sorted(others.items()))

    def _way_out(self, name: str) -> str:
        if name in self.extras:
            return f"pip install 'htdbu[{self.extras[name]}]'"
        return "install what it needs, or choose another one"
