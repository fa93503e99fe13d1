"""The provider that asks a language model once: the language on one page and a summary go in, a rule file comes out."""

from htdbu.providers.llm.provider import LLMProvider

__all__ = ["LLMProvider"]
