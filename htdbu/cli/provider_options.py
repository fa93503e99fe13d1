"""The options of `htdbu draft` that only one provider has: each is a parameter of its constructor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import click

from htdbu.errors import UsageError

OWN: dict[str, dict[str, dict[str, Any]]] = {
    "llm": {},
}
"""By provider and parameter (`base_url` is `--base-url`) what `click.option` needs to know; `help` is required."""

Command = TypeVar("Command")


def provider_options(function: Command) -> Command:
    """Every option of every provider, in the order of `OWN`."""
    for provider, options in reversed(OWN.items()):
        for name, attributes in reversed(options.items()):
            help = f"{attributes['help']} (--provider {provider})"
            add = click.option(f"--{name.replace('_', '-')}", name, **{**attributes, "help": help})
            function = add(function)  # type: ignore[type-var]
    return function


def own_settings(provider: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The options that were given, for the constructor of a provider.

    Raises:
        UsageError: one is another provider's.
    """
    settings = {name: value for name, value in given.items() if value not in (None, False, ())}
    for name in settings:
        owners = [owner for owner, options in OWN.items() if name in options]
        if provider not in owners:
            flag = f"--{name.replace('_', '-')}"
            raise UsageError(f"{flag} says nothing to the provider {provider!r}", f"add --provider {owners[0]}")
    return settings
