"""One request to an OpenAI-compatible endpoint: by pydantic-ai, over a wire of our own."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from htdbu.errors import UsageError
from htdbu.providers.llm.keys import key_for, without_key
from htdbu.providers.llm.messages import Answer, Message, sound

if TYPE_CHECKING:
    import httpx2
    from pydantic_ai.messages import ModelMessage, ModelResponse
    from pydantic_ai.models.openai import OpenAIChatModel

    from htdbu.providers.llm.wire import Wire

OPENAI = "https://api.openai.com/v1"
_INSTALL = "install it: pip install 'htdbu[llm]'"


@dataclass(frozen=True)
class Endpoint:
    """Where a model answers, and how it is asked.

    Attributes:
        base_url: what stands before `/chat/completions`.
        model: its name there.
        timeout: seconds for one request, from its beginning to the last byte of the answer.
        max_tokens: the longest answer; None leaves it to the endpoint.
        streams: whether the answer is asked for piece by piece.
        grammar: what a local server is to hold the model to.
    """

    base_url: str
    model: str
    timeout: float
    max_tokens: int | None = None
    streams: bool = True
    grammar: str | None = None

    @property
    def key(self) -> str | None:
        """The key of the environment that goes there."""
        return key_for(self.base_url)

    def ask(self, messages: Sequence[Message]) -> Answer:
        """Ask once.

        Raises:
            TransientError: it is worth asking again.
            ProviderError: it is not.
            UsageError: the extra `llm` is not installed, or the environment names no proxy that can be used.
        """
        try:
            import pydantic_ai.models.openai
        except ImportError as error:
            raise UsageError(f"asking a model needs a package that is not there: {error}", _INSTALL) from None
        del pydantic_ai
        from htdbu.providers.llm.faults import told
        from htdbu.providers.llm.wire import Wire

        try:
            wire = Wire(self.base_url, self.key, self.timeout)
        except (ValueError, ImportError):
            raise UsageError("the proxy that the environment names cannot be used", "check HTTPS_PROXY") from None
        try:
            answer = _run(self._ask(wire, messages))
        except Exception as error:  # a hostile answer may fail anywhere in the client
            raise told(error, wire.log, self) from None
        if not wire.log.is_complete and self.streams and answer.finish is None:
            raise told(None, wire.log, self)
        return _without_key(answer, self.key)

    async def _ask(self, wire: Wire, messages: Sequence[Message]) -> Answer:
        import httpx2
        from pydantic_ai.direct import model_request, model_request_stream
        from pydantic_ai.settings import ModelSettings

        settings = ModelSettings() if self.max_tokens is None else ModelSettings(max_tokens=self.max_tokens)
        if self.grammar is not None:  # as llama.cpp and as vLLM name it; each leaves the other's alone
            settings["extra_body"] = {"grammar": self.grammar, "structured_outputs": {"grammar": self.grammar}}
        said = [_part(message) for message in messages]
        async with (
            asyncio.timeout(self.timeout),
            httpx2.AsyncClient(transport=wire, trust_env=False, follow_redirects=False) as http,
        ):
            model = self._model(http)
            if not self.streams:
                return self._answer(await model_request(model, said, model_settings=settings, instrument=False))
            async with model_request_stream(model, said, model_settings=settings, instrument=False) as stream:
                async for _ in stream:
                    pass
                return self._answer(stream.get())

    def _model(self, http: httpx2.AsyncClient) -> OpenAIChatModel:
        """The model, by a client that knows no key (the wire adds it) and tries nothing twice."""
        from openai import AsyncOpenAI
        from pydantic_ai.models.openai import OpenAIChatModel
        from pydantic_ai.profiles.openai import OpenAIModelProfile
        from pydantic_ai.providers.openai import OpenAIProvider
        from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

        client = AsyncOpenAI(base_url=self.base_url, api_key="on-the-wire", max_retries=0, http_client=http)
        if self.base_url == OPENAI:
            return OpenAIChatModel(self.model, provider=OpenAIProvider(openai_client=client))
        older = OpenAIModelProfile(openai_chat_supports_max_completion_tokens=False)  # than what OpenAI itself takes
        provider = OpenAICompatibleProvider("endpoint", openai_client=client, profile=older)
        return OpenAIChatModel(self.model, provider=provider)

    def _answer(self, response: ModelResponse) -> Answer:
        from pydantic_ai.messages import TextPart

        details = response.provider_details or {}
        usage = response.usage
        refusal = details.get("refusal")
        return Answer(
            text=sound("".join(part.content for part in response.parts if isinstance(part, TextPart))),
            model=sound(response.model_name or self.model),
            finish=details.get("finish_reason") or ("content_filter" if refusal else None),
            refusal=sound(refusal) if isinstance(refusal, str) else None,
            input_tokens=usage.input_tokens or None,
            output_tokens=usage.output_tokens or None,
        )


def endpoint_url(url: str | None) -> str:
    """The address of an endpoint as it is used, OpenAI's where none is given.

    Raises:
        UsageError: it is no address of one.
    """
    if url is None:
        return OPENAI
    plain = url.strip().rstrip("/").removesuffix("/chat/completions")
    try:
        parts = urlsplit(plain)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits = False
    example = "it is like http://localhost:11434/v1, what stands before /chat/completions"
    if not fits:
        raise UsageError(f"{_cut(url)!r} is no address of an endpoint", example)
    if parts.username is not None or parts.query or parts.fragment:
        raise UsageError(
            "the address of the endpoint holds a name, a password or a query",
            f"{example}; a key is read from the environment variable HTDBU_API_KEY",
        )
    return plain


def _without_key(answer: Answer, key: str | None) -> Answer:
    """An answer that does not hold the key, even where the endpoint sent it back."""
    refusal = None if answer.refusal is None else without_key(answer.refusal, key)
    return replace(answer, text=without_key(answer.text, key), model=without_key(answer.model, key), refusal=refusal)


def _cut(url: str) -> str:
    """An address without what may be secret in it."""
    return url.split("?")[0].rpartition("@")[2][:200]


def _part(message: Message) -> ModelMessage:
    from pydantic_ai.messages import ModelRequest, ModelResponse, TextPart

    if message.role == "user":
        return ModelRequest.user_text_prompt(message.content)
    return ModelResponse(parts=[TextPart(message.content)])


def _run(asking: Coroutine[Any, Any, Answer]) -> Answer:
    """Run it to its end, in a thread of its own where an event loop runs here already, as in a notebook."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(asking)
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(asking)).result()
