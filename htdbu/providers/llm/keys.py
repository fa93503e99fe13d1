"""The key of an endpoint: from the environment, and into no text that anyone sees."""

from __future__ import annotations

import os
from ipaddress import ip_address
from urllib.parse import urlsplit

from htdbu.errors import UsageError

OWN, COMMON = "HTDBU_API_KEY", "OPENAI_API_KEY"
"""Where a key is looked for, in this order."""
_SHORTEST_SCRUBBED = 4
"""A shorter key is no secret, and would be found in any text."""


def key_for(base_url: str) -> str | None:
    """The key for an endpoint, None where there is none.

    Without encryption only the key that is meant for this program leaves the machine; the common one stays.

    Raises:
        UsageError: the key cannot stand in a header.
    """
    for name in (OWN, COMMON):
        key = os.environ.get(name, "").strip()
        if key and (name == OWN or is_private(base_url)):
            if not (key.isascii() and key.isprintable()):
                raise UsageError(f"the key in {name} has signs that no key has", "copy it anew, without line breaks")
            return key
    return None


def is_private(base_url: str) -> bool:
    """Whether what is sent there can be read on the way by nobody: it is encrypted, or stays on this machine."""
    parts = urlsplit(base_url)
    return parts.scheme == "https" or is_local(parts.hostname or "")


def is_local(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def without_key(text: str, key: str | None) -> str:
    """A text with the key taken out."""
    return text.replace(key, "[key]") if key is not None and len(key) >= _SHORTEST_SCRUBBED else text
