"""Providers of rules by name: the built-in ones, and any that an installed package offers.

A package offers one through the entry point group `htdbu.providers`; what it names must be a subclass of `Provider`.
"""

from __future__ import annotations

from htdbu.offers import Offers
from htdbu.providers.base import Provider

GROUP = "htdbu.providers"
DEFAULT = "mined"
"""It calls nobody."""
BUILT_IN = {
    "mined": "htdbu.providers.mined:MinedProvider",
    "llm": "htdbu.providers.llm:LLMProvider",
}
OFFERS: Offers[Provider] = Offers("provider", Provider, GROUP, BUILT_IN, extras={"llm": "llm"})
names, name_of, load, create = OFFERS.names, OFFERS.name_of, OFFERS.load, OFFERS.create
