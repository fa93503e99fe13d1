"""Transcripts: every exchange with a model as a line of JSON, and the same run from them without a model."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

from htdbu.errors import OutputError, ProviderError, UsageError
from htdbu.providers.llm.messages import Answer, Message, sound

FORMAT = "htdbu-transcript/1"
_MOST_BYTES = 256 * 2**20


class Transcript:
    """Keeps exchanges in a file, which is in its place once the run has ended, well or not, and holds whole lines only.

    Without an exchange there is none. Until then they stand beside it, so that an older transcript is not lost to a run
    that is killed.

    Raises:
        OutputError: the file cannot be written.
    """

    def __init__(self, path: str | Path | None) -> None:
        self._path = None if path is None else Path(path)
        self._file: TextIO | None = None
        self._has_lines = False

    def __enter__(self) -> Self:
        if self._path is not None:
            with _explained(self._path):
                self._file = self._staged(self._path).open("w", encoding="utf-8", newline="\n")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is None or self._path is None:
            return
        with _explained(self._path):
            self._file.close()
            staged = self._staged(self._path)
            if self._has_lines:
                staged.replace(self._path)
            elif staged != self._path:
                staged.unlink()

    def answered(self, model: str, messages: Sequence[Message], answer: Answer) -> None:
        """Keep an exchange."""
        self._write(_asked(model, messages) | {"answer": asdict(answer)})

    def failed(self, model: str, messages: Sequence[Message], reason: str, hint: str, is_last: bool) -> None:
        """Keep a request that got no answer."""
        error = {"message": sound(reason), "hint": sound(hint), "asked_again": not is_last}
        self._write(_asked(model, messages) | {"error": error})

    def _write(self, line: dict[str, Any]) -> None:
        if self._file is not None and self._path is not None:
            with _explained(self._path):
                self._file.write(f"{json.dumps(line, ensure_ascii=False)}\n")
                self._file.flush()
                self._has_lines = True

    @staticmethod
    def _staged(path: Path) -> Path:
        """Where it is written: beside its place, or there where that is no file but a pipe or a device."""
        is_other = path.exists() and not path.is_file()
        return path if is_other else path.with_name(f".{path.name}.{os.getpid()}.part")


class Recorded:
    """Answers as a transcript does.

    Args:
        model: the model that the run names, if it names one.

    Raises:
        UsageError: the file is no transcript, or one of another model.
    """

    def __init__(self, path: str | Path, model: str | None) -> None:
        self._path = path
        self._lines = _read(path)
        self._place = 0
        self.model = model or str(self._lines[0]["model"])
        others = sorted({str(line["model"]) for line in self._lines} - {self.model})
        if others:
            raise UsageError(f"{path} is the transcript of {others[0]!r}, not of {self.model!r}", "leave out --model")

    def ask(self, messages: Sequence[Message], on_failure: Any) -> Answer:
        """The answer to these messages; failures before it are told as they were.

        Raises:
            UsageError: the transcript ends here, or goes on with other messages.
            ProviderError: the run ended here.
        """
        while True:
            line = self._next(messages)
            if "answer" in line:
                return Answer(**line["answer"])
            error = line["error"]
            on_failure(error["message"], error["hint"], not error["asked_again"])
            if not error["asked_again"]:
                raise ProviderError(error["message"], error["hint"] or None)

    def _next(self, messages: Sequence[Message]) -> dict[str, Any]:
        if self._place == len(self._lines):
            hint = "it was made with fewer --rounds, or by a run that was interrupted"
            raise UsageError(f"{self._path} ends after {self._place} exchanges, but one more is needed", hint)
        line = self._lines[self._place]
        self._place += 1
        asked = [asdict(message) for message in messages]
        if line["messages"] != asked:
            message = f"{self._path} does not fit: {_difference(line['messages'], asked, self._place)}"
            raise UsageError(
                message, "replay with the data, the options and the version of htdbu that it was made with"
            )
        return line


class _explained:  # noqa: N801 - reads as a phrase where it is used
    """Turn a refusal of the operating system into an OutputError."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, OSError):
            with suppress(OSError):
                self._path.with_name(f".{self._path.name}.{os.getpid()}.part").unlink(missing_ok=True)
            message = f"the transcript {self._path} cannot be written: {error.strerror}"
            raise OutputError(message, "choose another place") from None


def _asked(model: str, messages: Sequence[Message]) -> dict[str, Any]:
    return {"format": FORMAT, "model": model, "messages": [asdict(message) for message in messages]}


def _read(path: str | Path) -> list[dict[str, Any]]:
    """The lines of a transcript.

    Raises:
        UsageError: it cannot be read, or is none.
    """
    hint = "a transcript is what --transcript writes"
    try:
        with Path(path).open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(f"the transcript {path} cannot be read: {error.strerror}", hint) from None
    if len(data) > _MOST_BYTES:
        raise UsageError(f"{path} is too large for a transcript", hint)
    lines: list[dict[str, Any]] = []
    for number, text in enumerate(data.splitlines(), 1):
        try:
            line = json.loads(text)
        except (ValueError, RecursionError):
            line = None
        if not _is_line(line):
            raise UsageError(f"{path}, line {number}: this is no line of a transcript", hint)
        lines.append(line)
    if not lines:
        raise UsageError(f"the transcript {path} is empty", hint)
    return lines


def _is_line(line: Any) -> bool:
    """Whether a value is a line of a transcript of this format."""
    if not isinstance(line, dict) or line.get("format") != FORMAT or not isinstance(line.get("model"), str):
        return False
    if not isinstance(line.get("messages"), list):
        return False
    if "answer" in line:
        return _has(line["answer"], dict(zip(Answer.__dataclass_fields__, _KINDS, strict=True)))
    return _has(line.get("error"), {"message": str, "hint": str, "asked_again": bool})


_KINDS = (str, str, str | None, str | None, int | None, int | None)


def _has(value: Any, kinds: dict[str, Any]) -> bool:
    """Whether a value is an object with these fields and no others, each of its kind."""
    return (
        isinstance(value, dict)
        and value.keys() == kinds.keys()
        and all(isinstance(value[name], kind) for name, kind in kinds.items())
    )


def _difference(recorded: Any, asked: list[dict[str, str]], number: int) -> str:
    """Where what was asked and what is to be asked part."""
    for was, now in zip(recorded, asked, strict=False):
        old = str(was.get("content", "")) if isinstance(was, dict) else ""
        for line, (left, right) in enumerate(zip(old.splitlines(), now["content"].splitlines(), strict=False), 1):
            if left != right:
                return f"exchange {number} asked {_short(left)}, where this run asks {_short(right)} (line {line})"
    return f"exchange {number} asked something else"


def _short(line: str) -> str:
    return repr(line if len(line) <= 80 else f"{line[:79]}…")
