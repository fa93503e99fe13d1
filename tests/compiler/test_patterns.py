"""Regular expressions on levels: what is sound, what fits, and that none takes long."""

import pytest

from htdbu.compiler.patterns import matching, problem


@pytest.mark.parametrize(
    ("pattern", "level", "fits"),
    [
        ("a|b", "b", True),
        ("a|b", "ab", False),
        ("a.*", "abc", True),
        ("", "", True),
        ("^a$", "a", True),
        (r"\d{2}-\w+", "12-x", True),
        ("(?i)abc", "ABC", True),
        ("(a+)+$", "a" * 5_000 + "b", False),
        ("ä.", "äö", True),
    ],
)
def test_an_expression_is_about_the_whole_level(pattern: str, level: str, fits: bool) -> None:
    assert problem(pattern) is None
    assert [fits] == matching(pattern, [level])


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("(", "not a regular expression: missing ): ("),
        ("a)|(b", "not a regular expression: unexpected ): a)|(b"),
        ("[", "not a regular expression: missing ]: ["),
        (r"(a)\1", "a regular expression here has no back-references"),
        ("(?P<n>a)(?P=n)", "a regular expression here has no back-references"),
        ("(?=a)b", "a regular expression here has no look-around"),
        ("(?<!a)b", "a regular expression here has no look-around"),
        ("\ud800", "not a regular expression: it holds half a character"),
    ],
)
def test_an_unsound_expression_is_told(pattern: str, said: str) -> None:
    assert said == problem(pattern)


def test_no_expression_takes_long() -> None:
    # A backtracking engine would not come to an end.
    levels = ["a" * 200 + str(i) for i in range(100)]
    for pattern in ("(a+)+$", "(a|aa)+$", "(a|a?)+b", "(.*)*x", "(a?){200}a{200}"):
        assert problem(pattern) is not None or len(matching(pattern, levels)) == 100
