"""The provider that asks a language model for rules, at most a few times."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from htdbu.errors import ProviderError, UsageError
from htdbu.providers.base import Draft, Progress, Provider, Request
from htdbu.providers.llm.answers import NoRulesError, rules_in, shown
from htdbu.providers.llm.cost import Cost, row_by_row, told
from htdbu.providers.llm.endpoint import Endpoint, endpoint_url
from htdbu.providers.llm.finishing import Finished, finished
from htdbu.providers.llm.judging import Judge, Judgement
from htdbu.providers.llm.messages import Answer, Message
from htdbu.providers.llm.prompts import correction, question
from htdbu.providers.llm.rates import percent
from htdbu.providers.llm.retrying import Retrying
from htdbu.providers.llm.transcript import Recorded, Transcript
from htdbu.providers.summary import summarise

ROUNDS = 3
TIMEOUT = 300.0
ATTEMPTS = 5
_LONGEST_PROSE = 2_000


class LLMProvider(Provider):
    """Asks a language model, tells it what is wrong with its file, and takes out what it does not mend.

    Args:
        model: its name at the endpoint; may be left out in a replay.
        base_url: the endpoint, what stands before `/chat/completions`; OpenAI's where it is left out. The key is read
            from the environment, see `keys`.
        rounds: so often the model may mend its file.
        transcript: where every exchange is kept.
        replay: a transcript that answers in place of a model.
        timeout: seconds for one request.
        max_tokens: the longest answer; None leaves it to the endpoint.
        no_stream: whether answers are asked for in one piece.
        grammar: a file that `htdbu draft --emit-grammar` wrote, to which a local server is to hold the model.
        attempts: so often a request is made at most, where failures may pass.
        wait: waits so many seconds between them.

    Raises:
        UsageError: these do not fit together.
    """

    is_remote = True

    def __init__(
        self,
        model: str | None = None,
        *,
        base_url: str | None = None,
        rounds: int = ROUNDS,
        transcript: str | Path | None = None,
        replay: str | Path | None = None,
        timeout: float = TIMEOUT,
        max_tokens: int | None = None,
        no_stream: bool = False,
        grammar: str | Path | None = None,
        attempts: int = ATTEMPTS,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        if not model and replay is None:
            raise UsageError("which model is to be asked?", "name it with --model, or give a transcript with --replay")
        if rounds < 0 or attempts < 1 or not timeout > 0:
            raise UsageError("rounds are not negative, attempts at least 1, and the timeout is positive")
        if transcript is not None and (str(transcript) == "-" or _is_same(transcript, replay)):
            raise UsageError(f"the transcript cannot go to {transcript}", "give it a file of its own")
        self.model, self.base_url, self.rounds = model, endpoint_url(base_url), rounds
        self.transcript, self.replay = transcript, replay
        self.timeout, self.max_tokens, self.no_stream = timeout, max_tokens, no_stream
        self.grammar = None if grammar is None else _grammar(grammar)
        self.attempts, self.wait = attempts, wait

    def draft(self, request: Request, progress: Progress | None = None) -> Draft:
        """A rule file for the table.

        Raises:
            ProviderError: no model answers, or none of its answers can be used.
            UsageError: the transcript to be replayed is of another run, or the extra `llm` is not installed.
        """
        first = question(request, summarise(request).text())
        recorded = None if self.replay is None else Recorded(self.replay, self.model)
        model = self.model or ("" if recorded is None else recorded.model)
        cost, judge = Cost(), Judge(request)
        with Transcript(self.transcript) as transcript:
            ask = _Asking(model, self._asker(model, recorded, request.seed), transcript, cost)
            best, remarks = _Talk(judge, ask, first).run(self.rounds, progress)
        done = finished(judge, best)
        return _drafted(request, model, done, cost, remarks)

    def _asker(self, model: str, recorded: Recorded | None, seed: int) -> Callable[..., Answer]:
        """What answers messages: a transcript, or the endpoint, asked again where it fails."""
        if recorded is not None:
            return recorded.ask
        endpoint = Endpoint(self.base_url, model, self.timeout, self.max_tokens, not self.no_stream, self.grammar)
        retrying = Retrying(self.attempts, seed, self.wait)
        return lambda messages, on_failure: retrying.run(partial(endpoint.ask, messages), on_failure)


@dataclass(frozen=True)
class _Asking:
    """Asks, and keeps and counts what is asked and answered."""

    model: str
    asker: Callable[..., Answer]
    transcript: Transcript
    cost: Cost

    def __call__(self, messages: Sequence[Message]) -> Answer:
        def on_failure(reason: str, hint: str, is_last: bool) -> None:
            self.cost.failures += 1
            self.transcript.failed(self.model, messages, reason, hint, is_last)

        answer = self.asker(messages, on_failure)
        self.cost.add(messages, answer)
        self.transcript.answered(self.model, messages, answer)
        return answer


class _Talk:
    """The conversation: a question, then corrections, each with the last file only, so that the prompt stays short."""

    def __init__(self, judge: Judge, ask: _Asking, first: str) -> None:
        self._judge, self._ask = judge, ask
        self._first = Message("user", first)

    def run(self, rounds: int, progress: Progress | None) -> tuple[Judgement, list[str]]:
        """The file with the fewest faults, of several the last one, and what a person should know of the talk.

        Raises:
            ProviderError: there is none.
        """
        best: Judgement | None = None
        messages = [self._first]
        for number in range(rounds + 1):
            try:
                answer = self._ask(messages)
                text = rules_in(answer)
                judgement = self._judge.judge(text)
            except NoRulesError as fault:
                said, reply = answer.text[:_LONGEST_PROSE], str(fault)
            except ProviderError as error:
                if best is None:
                    raise
                return best, [f"the talk with the model ended early, and its best file so far is used: {error.message}"]
            else:
                if best is None or judgement.faults <= best.faults:
                    best = judgement
                if not judgement.faults:
                    break
                said, reply = f"```htr\n{judgement.text}```\n", correction(judgement, self._judge.request.min_count)
            messages = [self._first, Message("assistant", said or "(nothing)"), Message("user", reply)]
            if progress is not None:
                progress(number + 1, rounds + 1)
        if best is None:
            raise _no_rules(answer, rounds + 1, reply)
        if progress is not None:
            progress(rounds + 1, rounds + 1)
        return best, []


def _no_rules(answer: Answer, calls: int, fault: str) -> ProviderError:
    """No answer held a file that can be used."""
    times = "once" if calls == 1 else f"{calls} times"
    if answer.finish == "length":
        message = f"the answer of the model {answer.model!r} was cut off before its end (asked {times})"
        return ProviderError(message, "give it more with --max-tokens, or ask a model with longer answers")
    message = f"the model {answer.model!r} wrote no rule file (asked {times}); it said {shown(answer.text)}"
    return ProviderError(f"{message}\n  what is wrong with it: {fault.splitlines()[0]}", "ask another model")


def _drafted(request: Request, model: str, done: Finished, cost: Cost, remarks: Sequence[str]) -> Draft:
    """The file with a line on where it comes from, and the account of how it came about."""
    other = row_by_row(request.frame)
    changes = [{"what": change.what, "how": change.how, "why": change.reason} for change in done.changes]
    judgement = done.judgement
    broken: dict[str, Any] = {rate.name: rate.share for rate in judgement.rates if rate.share}
    account = {
        "model": model,
        "cost": cost.to_dict(),
        "row_by_row": other.to_dict(),
        "rules": sum(rule.origin != "factor" for rule in judgement.program.rules),
        "changed": changes,
        "broken": broken,
        "undeclared": list(judgement.undeclared),
    }
    lines = [
        *remarks,
        *(f"{change.what}: {change.how}, since {change.reason}" for change in done.changes),
    ]
    lines += [
        f"{rate.name}: kept, though {percent(rate.share)} of the real rows break it; mend it by hand"
        for rate in judgement.broken
    ]
    lines += [
        f"{header!r}: the model left this column out; the rules do not know it" for header in judgement.undeclared
    ]
    lines.append(told(cost, other))
    origin = f"# Drafted by {_one_line(model)} from a {request.granularity} summary; read it before you rely on it.\n"
    return Draft(f"{origin}\n{done.text}", account, tuple(_one_line(line) for line in lines))


def _grammar(path: str | Path) -> str:
    """The grammar that stands in a file.

    Raises:
        UsageError: it cannot be read, or is empty.
    """
    way_out = "htdbu draft DATA --emit-grammar gbnf -o FILE writes one"
    try:
        text = Path(path).read_text("utf-8")
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}", way_out) from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: not UTF-8", way_out) from None
    if not text.strip():
        raise UsageError(f"{path}: no grammar stands there", way_out)
    return text


def _is_same(transcript: str | Path, replay: str | Path | None) -> bool:
    return replay is not None and os.path.realpath(transcript) == os.path.realpath(replay)


def _one_line(text: str) -> str:
    """A text of signs that any terminal can show."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
