"""The options of `htdbu draft` that only one provider has: each is a parameter of its constructor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import click

from htdbu.errors import UsageError

OWN: dict[str, dict[str, dict[str, Any]]] = {
    "llm": {
        "model": {"metavar": "M", "help": "The model that is asked, by its name at the endpoint."},
        "base_url": {
            "metavar": "U",
            "help": "An OpenAI-compatible endpoint, like http://localhost:11434/v1; OpenAI's by default. "
            "The key is read from HTDBU_API_KEY or OPENAI_API_KEY.",
        },
        "rounds": {
            "metavar": "K",
            "type": click.IntRange(min=0),
            "help": "The model may mend its file at most K times; 3 by default.",
        },
        "transcript": {"metavar": "FILE", "help": "Keep every exchange, a line of JSON each."},
        "replay": {"metavar": "FILE", "help": "Take the answers from a transcript, and ask nobody."},
        "timeout": {
            "metavar": "S",
            "type": click.FloatRange(min=0, min_open=True),
            "help": "At most S seconds for one answer; 300 by default.",
        },
        "max_tokens": {
            "metavar": "N",
            "type": click.IntRange(min=1),
            "help": "The longest answer in tokens; by default what the endpoint allows.",
        },
        "grammar": {
            "metavar": "FILE",
            "help": "A grammar that a local server holds the model to, as --emit-grammar writes it.",
        },
        "no_stream": {"is_flag": True, "help": "Ask for answers in one piece, not bit by bit."},
    },
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
    unset = (type(None), bool, tuple)  # a number may be 0
    settings = {name: value for name, value in given.items() if value or not isinstance(value, unset)}
    for name in settings:
        owners = [owner for owner, options in OWN.items() if name in options]
        if provider not in owners:
            flag = f"--{name.replace('_', '-')}"
            raise UsageError(f"{flag} says nothing to the provider {provider!r}", f"add --provider {owners[0]}")
    return settings
