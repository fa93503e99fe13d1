"""What of an answer is the rule file, and what is none."""

from __future__ import annotations

import pytest

from htdbu.errors import ProviderError
from htdbu.providers.llm.answers import MOST_SIGNS, NoRulesError, rules_in, shown
from htdbu.providers.llm.messages import Answer

FILE = "table t {\n  a : int in 0..9\n}\n\nhard r: a > 1\n"


def answer(text: str, **more: str) -> Answer:
    return Answer(text, "m", **more)


@pytest.mark.parametrize(
    "text",
    [
        FILE,
        f"Sure, here it is.\n\n```htr\n{FILE}```\nTell me more!",
        f"```\n{FILE}```",
        f"~~~~ htr\n{FILE}~~~~",
        f"```htr\n{FILE}",
        f"  ```htr\n{FILE}  ```",
        f"<think>table x {{ }} or ```htr\ntable x {{}}\n```</think>\n{FILE}",
        f"For example:\n```htr\nhard r: x > 1\n```\nThe whole file:\n```htr\n{FILE}```",
        f"First:\n```htr\ntable t {{ b : int }}\n```\nNo, better:\n```htr\n{FILE}```",
        FILE.replace("\n", "\r\n"),
        f"Here is the file.\n{FILE}",
    ],
)
def test_the_file_is_found(text: str) -> None:
    assert FILE == rules_in(answer(text))


def test_comments_and_definitions_before_the_table_belong_to_a_bare_file() -> None:
    text = f"## Doc.\nparam p = 3\n{FILE}"
    assert text == rules_in(answer(f"Here:\n{text}"))


def test_the_json_form_is_found() -> None:
    assert '{"columns": []}\n' == rules_in(answer('```json\n{"columns": []}\n```'))


@pytest.mark.parametrize(
    "text", ["", "I am sorry.", "```python\nprint(1)\n```", "the table t { is nice", "<think>table t {"]
)
def test_prose_is_none(text: str) -> None:
    with pytest.raises(NoRulesError, match="no rule file"):
        rules_in(answer(text))


@pytest.mark.parametrize(("sign", "name"), [("\0", "0000"), ("\x1b", "001B"), ("\x9b", "009B"), ("\u202e", "202E")])
def test_control_signs_are_told(sign: str, name: str) -> None:
    with pytest.raises(NoRulesError, match=rf"U\+{name}"):
        rules_in(answer(FILE.replace("9", f"9{sign}")))


def test_a_file_that_was_cut_off_is_none() -> None:
    with pytest.raises(NoRulesError, match="cut off"):
        rules_in(answer(FILE, finish="length"))


def test_a_refusal_ends_it() -> None:
    with pytest.raises(ProviderError, match=r"'m' refuses to answer: 'I \[31m will not'"):
        rules_in(answer("", refusal="I \x1b[31m\n will not"))
    with pytest.raises(ProviderError, match="'m' refuses to answer"):
        rules_in(answer(FILE, finish="content_filter"))


def test_megabytes_end_it() -> None:
    with pytest.raises(ProviderError, match="128,001 signs"):
        rules_in(answer("x" * (MOST_SIGNS + 1)))


def test_what_a_model_said_is_shown_in_short() -> None:
    assert 202 == len(shown("word " * 1_000))
