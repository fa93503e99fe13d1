"""What a failed request is called: what happened, what to do about it, and whether to ask again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from htdbu.errors import ProviderError
from htdbu.providers.llm.keys import COMMON, OWN, is_private, without_key
from htdbu.providers.llm.messages import sound

if TYPE_CHECKING:
    from htdbu.providers.llm.endpoint import Endpoint
    from htdbu.providers.llm.wire import Log

_MOST_SHOWN = 300


class TransientError(Exception):
    """A failure that may not be one the next time.

    Attributes:
        after: how many seconds the endpoint asked to wait.
    """

    def __init__(self, reason: str, hint: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.reason, self.hint, self.after = reason, hint, after


def told(error: Exception | None, log: Log, endpoint: Endpoint) -> TransientError | ProviderError:
    """A failure as an error of ours.

    Args:
        error: None where the answer ended too early without one.
    """
    where = f"the endpoint {endpoint.base_url}"
    if log.fault:
        return _given_up(where, log)
    if log.status is not None and log.status != 200:
        return _refused(where, log.status, error, endpoint)
    if isinstance(error, TimeoutError) or _is(error, "ModelTimeoutError", "ModelRequestTimeout"):
        slow = "give more time with --timeout, or ask a smaller model"
        return TransientError(f"{where} did not answer within {endpoint.timeout:g} seconds", slow)
    if log.status is None:
        check = "check --base-url, and that a server runs there"
        return TransientError(f"{where} cannot be reached{_why(error, endpoint)}", check)
    if error is None or _is(error, "ModelConnectionError", "ReadError", "RemoteProtocolError"):
        return TransientError(f"{where} broke off in the middle of its answer", "try again")
    if _is(error, "ModelAPIError"):
        return TransientError(f"{where} reported an error in its answer{_why(error, endpoint)}", "try again")
    what = f"{where} answered, but not as the chat-completions protocol says"
    return ProviderError(what, "check --base-url; it mostly ends in /v1")


def _given_up(where: str, log: Log) -> ProviderError:
    where_to = sound(log.location)[:_MOST_SHOWN]
    said = {
        "too large": ("sent an answer of many megabytes, of which no more was read", "ask another model"),
        "packed": ("sent a compressed answer, though none was asked for", "turn compression off there"),
        "redirect": (
            f"points to another address ({where_to!r}), which is not followed, since it would get the key",
            "give the address itself with --base-url",
        ),
        "page": ("answered with a page, not with JSON", "check --base-url; it mostly ends in /v1"),
        "stream": ("streams its answer, though it was asked not to", "leave out --no-stream"),
        "elsewhere": ("is not what the client asked for", "this is a fault of htdbu, please report it"),
    }
    what, hint = said[log.fault]
    return ProviderError(f"{where} {what}", hint)


def _refused(where: str, status: int, error: Exception | None, endpoint: Endpoint) -> TransientError | ProviderError:
    """A response that says no."""
    what = f"{where} refused the request (HTTP {status})"
    if status in (401, 403):
        return ProviderError(what, _about_the_key(endpoint))
    if status == 404:
        return ProviderError(
            what,
            f"check that --base-url is right (it mostly ends in /v1), and that it has the model {endpoint.model!r}",
        )
    reason = f"{what}{_why(error, endpoint)}"
    if _is(error, "ModelQuotaExceededError"):
        return ProviderError(reason, "the quota of the key is used up; waiting does not help")
    if status in (408, 409, 425, 429) or status >= 500:
        return TransientError(reason, "try again later", _after(error))
    return ProviderError(reason, "check --model and --max-tokens; a long summary needs a model with a long context")


def _about_the_key(endpoint: Endpoint) -> str:
    if endpoint.key is not None:
        return f"check the key in {OWN} or {COMMON}, and that it may use the model {endpoint.model!r}"
    if not is_private(endpoint.base_url):
        return f"no key was sent, since the connection is not encrypted; use https, or set {OWN} if it may be read"
    return f"set {OWN} (or {COMMON}) to the key of the endpoint"


def _after(error: Exception | None) -> float | None:
    """How long the endpoint asked to wait, in seconds."""
    found: Any = getattr(error, "retry_after", None)
    return float(found) if isinstance(found, int | float) and found >= 0 else None


def _why(error: Exception | None, endpoint: Endpoint) -> str:
    """What the other side said, in one short line, without the key."""
    body = getattr(error, "body", None)
    said = body.get("message") if isinstance(body, dict) else body
    if not isinstance(said, str):
        causes = [error]
        while (cause := getattr(causes[-1], "__cause__", None)) is not None and len(causes) < 10:
            causes.append(cause)
        said = str(causes[-1] or "")
    line = " ".join(sound(said).split())
    plain = "".join(sign if sign.isprintable() else " " for sign in without_key(line, endpoint.key))
    return f": {plain[:_MOST_SHOWN]}" if plain.strip() else ""


def _is(error: Exception | None, *names: str) -> bool:
    """Whether an error is of a class of one of these names; the packages that have them may not be loaded."""
    return any(kind.__name__ in names for kind in type(error).__mro__)
